"""Persian sentences about oversight."""
