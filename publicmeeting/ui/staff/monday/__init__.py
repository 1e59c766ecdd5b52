"""The reception's page of a Monday: views.py (rows of the day), state.py (events), page.py and lines.py (components)."""
