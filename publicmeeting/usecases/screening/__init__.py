"""The desk: its inbox, the opened case, judges, whom to telephone; start at `inbox.py`."""
