"""Whose an identity is: a card in hand, a corrected name or mobile, records of one person."""
