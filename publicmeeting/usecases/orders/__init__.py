"""The mayor's orders: written, issued, followed, fulfilled; start at `issuing.py`."""
