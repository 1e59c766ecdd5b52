"""Objections to a list, and steps that a citizen denies; start at `list_objections.py`."""
