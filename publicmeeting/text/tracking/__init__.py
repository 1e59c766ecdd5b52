"""The citizen's own pages: her cases, orders, day, road and data."""
