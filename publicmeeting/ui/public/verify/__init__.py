"""Checking a draw in one's own browser."""
