"""Public pages besides home: ceremony/ (one draw), draws.py, rules.py, log.py, and verify/ (checks in the browser)."""
