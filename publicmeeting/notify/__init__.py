"""Outbox reader and channels (inbox, SMS); sends the notices that the tables name."""
