"""Data of a filing: drafts (`drafts.py`, open it first), images and the table of places."""
