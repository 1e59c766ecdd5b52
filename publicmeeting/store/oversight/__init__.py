"""What is read over the whole store: the audit (`audit.py`, open it first) and the inspection by `doctor`."""
