"""A witness's own page: commit, roll, show."""
