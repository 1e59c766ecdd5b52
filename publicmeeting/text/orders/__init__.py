"""Persian sentences about orders."""
