"""Notices and text messages, by who receives them."""
