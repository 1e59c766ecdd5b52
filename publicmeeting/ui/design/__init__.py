"""Tokens, type and about 20 parts; no state."""
