"""Before her day: reminders, preparation, and her place in the line; start at `her_day.py`."""
