"""The mayor's orders: due dates, lateness and outcome (`promises.py`, open it first) and pen strokes (`ink.py`)."""
