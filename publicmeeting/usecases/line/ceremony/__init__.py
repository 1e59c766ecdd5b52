"""Commitments, their reveal, and the late value of each Monday; start at `reveals.py`."""
