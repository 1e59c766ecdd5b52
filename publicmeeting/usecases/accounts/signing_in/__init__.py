"""Signing in: code by SMS, password, single sign-on, limits of tries; start at `sign_in.py`."""
