"""The day of a meeting: when a waiting citizen goes in (`estimate.py`, open it first), and what a hall's screen says."""
