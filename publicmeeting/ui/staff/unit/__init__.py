"""The orders of a unit, and one order with all that may be done about it."""
