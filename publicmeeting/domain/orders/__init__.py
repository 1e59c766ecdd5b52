"""The mayor's orders: due dates, lateness and outcome (`promises.py`, open it first), pen strokes (`ink.py`) and units' briefs (`briefs.py`)."""
