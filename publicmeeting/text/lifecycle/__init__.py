"""Persian sentences about lifecycle."""
