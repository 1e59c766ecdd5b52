"""The districts: set up, closed for a day, shown on the public board; start at `texts.py`."""
