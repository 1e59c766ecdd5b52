"""Draws, seats and lanes, as rows."""
