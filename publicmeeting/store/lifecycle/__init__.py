"""Requests, their events, lists and notices."""
