"""Looking a request up by its code."""
