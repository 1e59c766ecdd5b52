"""Helpers that tests share: a clock, databases, a small city, and requests at any stage."""
