"""The weekly line: its lanes, and what the events of a request say about its place in it."""
