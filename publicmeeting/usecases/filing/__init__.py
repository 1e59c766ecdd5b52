"""From a draft to a request and its receipt; start at `submitting.py`."""
