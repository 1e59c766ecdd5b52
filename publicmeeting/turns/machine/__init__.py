"""The line computed from the log: the four state machines (`tables.py`, open it first), their state (`state.py`) and the reader that replays entries (`replay.py`)."""
