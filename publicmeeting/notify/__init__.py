"""Outbox reader and channels (inbox, SMS, console); sends what the tables said to tell."""
