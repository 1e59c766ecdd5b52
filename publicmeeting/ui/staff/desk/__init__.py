"""The screening inbox with the open case beside it: state.py (view models and events), page.py (components)."""
