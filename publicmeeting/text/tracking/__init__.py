"""Persian sentences about tracking."""
