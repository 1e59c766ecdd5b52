"""The tables by family: cases.py (open it first), people.py, city.py and doors.py; only `store` reads them."""
