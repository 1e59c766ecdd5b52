"""Second factors of officials: authenticator, recovery codes, passkeys; start at `keys.py`."""
