"""Persian sentences about districts."""
