"""Persian sentences about screening."""
