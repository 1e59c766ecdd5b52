"""The city's oversight: late promises, figures, audit, checks of the books; see `promises.py`."""
