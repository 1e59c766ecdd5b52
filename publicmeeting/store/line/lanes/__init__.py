"""Lanes that two officers judge: their questions (`questions.py`, open it first), who may judge, the judges' tags, and figures."""
