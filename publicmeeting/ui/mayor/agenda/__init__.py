"""The mayor's Monday: views.py (view models), state.py (events), page.py (components)."""
