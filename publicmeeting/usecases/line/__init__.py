"""The weekly line: rules, Mondays, draws, offers, objections, lanes; start at `drawing.py`."""
