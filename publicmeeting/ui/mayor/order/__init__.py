"""One order and what the mayor may decide on it: state.py (view models and events), page.py (components)."""
