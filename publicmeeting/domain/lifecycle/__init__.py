"""The tables of steps (`tables.py`, open it first), the functions that check and take a step (`advance.py`), and who may see a case (`access.py`)."""
