"""Objections to a list, and steps that a citizen denies."""
