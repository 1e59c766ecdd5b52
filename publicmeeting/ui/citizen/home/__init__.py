"""Home: what this is, where it is, how turns are given."""
