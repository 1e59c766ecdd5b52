"""The weekly line: its lanes, and what the events of a request tell of its place in it."""
