"""Orders (`orders.py`, open it first) and their papers (`papers.py`), as rows."""
