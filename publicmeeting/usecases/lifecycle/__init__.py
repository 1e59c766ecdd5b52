"""One step on one case, with all that follows from it; start at `steps.py`."""
