"""Public pages that show their content in the first bytes: filled on the server (filling.py, open it first), scripts started later."""
