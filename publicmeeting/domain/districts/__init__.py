"""The 22 districts: what and where they are (`city.py`, open it first), the search for places in them, and their public texts."""
