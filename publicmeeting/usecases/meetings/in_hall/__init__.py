"""The hall on the day: its code and screens, calls, passes, standbys; start at `hall.py`."""
