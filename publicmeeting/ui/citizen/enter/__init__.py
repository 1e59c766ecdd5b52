"""Sign-in of a citizen by a one-time code."""
