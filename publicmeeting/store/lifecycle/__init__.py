"""Cases as rows: requests (`requests.py`, open it first), their events (`events.py`), lists, and notices (`outbox.py`)."""
