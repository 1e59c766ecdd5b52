"""One function per human intention, in packages by subject; start at base.py."""
