"""Outbox reader and channels (inbox, SMS); sends what the tables said to tell."""
