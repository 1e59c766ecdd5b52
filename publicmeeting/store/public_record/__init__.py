"""The public log as rows: its entries and tree (`log.py`, open it first), their statements, the reports that entries refer to, and the newest note as a file."""
