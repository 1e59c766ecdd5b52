"""The list of a Monday at the reception."""
