"""Persian sentences about meetings."""
