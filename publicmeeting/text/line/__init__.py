"""Persian sentences about line."""
