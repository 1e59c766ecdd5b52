"""Districts as rows: Mondays, units and rules (`city.py`, open it first), public texts, proposed rules and the screens of the halls."""
