"""The mayor's own: a signature drawn once, and texts that are used again."""
