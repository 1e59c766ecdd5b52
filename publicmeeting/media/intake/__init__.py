"""Uploaded pictures and sounds: recognised, decoded and re-encoded before storage; open photo.py first."""
