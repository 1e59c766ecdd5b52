"""What anyone may see: verification, figures, districts."""
