"""Accounts of officials: who has which role until when, how each comes in, and who changed it."""
