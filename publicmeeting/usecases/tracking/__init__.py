"""A citizen's own pages: her case, her turn, her orders, her data; start at `timeline.py`."""
