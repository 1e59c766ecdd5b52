"""Persian sentences about filing."""
