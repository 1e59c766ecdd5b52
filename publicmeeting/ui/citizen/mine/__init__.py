"""A citizen's own page: requests, messages, data, signing out."""
