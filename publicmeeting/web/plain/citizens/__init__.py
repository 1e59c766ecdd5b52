"""Pages for citizens without scripts: filing (`filing.py` and its `steps.py`), reading and signing in (`reading.py`, open it first), and a citizen's own data."""
