"""A new version of the rules: typed, compared with the one before, announced."""
