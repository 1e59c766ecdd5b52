"""What she is given at filing."""
