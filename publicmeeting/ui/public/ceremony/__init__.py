"""The page of one Monday's draw, live, for everybody: state.py (view models and events), page.py (components)."""
