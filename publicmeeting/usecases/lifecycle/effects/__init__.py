"""What a step changes beside its event: tickets, seats, the log; start at `handlers.py`."""
