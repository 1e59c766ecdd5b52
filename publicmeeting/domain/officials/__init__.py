"""Officials' accounts: their passwords and second steps (`credentials.py`, open it first), invitations, and what is recorded of their acts."""
