"""The overseer's page (`/city/promises/`): cases to decide, and the districts' figures; state.py (view models and events), page.py."""
