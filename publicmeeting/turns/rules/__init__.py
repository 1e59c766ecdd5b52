"""The rules of the line as they are announced (`announced.py`, open it first): the times of a week, witnesses, the late value, and which new rules are weaker."""
