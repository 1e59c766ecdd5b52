"""Sealed numbers, their opening, the late value, and who witnesses them."""
