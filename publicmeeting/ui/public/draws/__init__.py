"""The list of all draws."""
