"""Orders (`orders.py`, open it first), their papers (`papers.py`) and the figures of the city's promises, as rows."""
