"""The line as rows: draws (`draws.py`, open it first), seats (`seats.py`), lanes, witnesses, and the line computed from the log (`line_book.py`)."""
