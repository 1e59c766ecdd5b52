"""A served page of every part in every condition, with plain data; off in production."""
