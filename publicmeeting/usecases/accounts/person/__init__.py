"""Whose an identity is: card at a desk, corrected name or mobile; start at `card_in_hand.py`."""
