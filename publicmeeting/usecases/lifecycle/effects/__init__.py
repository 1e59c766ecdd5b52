"""What a step changes beside its event: tickets, seats, the log; `lifecycle/steps.py` runs it."""
