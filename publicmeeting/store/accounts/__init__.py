"""Identities as rows: officials (`accounts.py`), citizens (`people.py`), sign-ins (`sessions.py`, open it first), second steps, rate limit counters and security events."""
