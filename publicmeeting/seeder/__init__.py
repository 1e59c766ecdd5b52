"""The demo city for demo and tests, built only by calling the real use cases; open fill.py first."""
