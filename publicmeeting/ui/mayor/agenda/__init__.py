"""The mayor's Monday: views.py (view models), state.py (events), page.py (components), its own place and guest (day_place.py), and its evening."""
