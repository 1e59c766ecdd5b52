"""A demo city of a real one's size, to measure with: rows written in bulk, past the use cases."""
