"""Sign-in of officials by a password."""
