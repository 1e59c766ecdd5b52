"""A unit's orders, and one order with all its steps: state.py (view models and events), page.py (components)."""
