"""A demo city of a real city's size, to measure with; its rows are written in bulk."""
