"""What everybody may read and recompute."""
