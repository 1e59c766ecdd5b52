"""Turns, meetings and promises between citizens and the mayors of Tehran's 22 districts."""
