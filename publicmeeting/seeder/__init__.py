"""The demo city, built only by calling the real use cases; used by the demo and by tests."""
