"""Officials' accounts: roles with their days, sign-in links, changes; start at `managing.py`."""
