"""Orders (`orders.py`, open it first), their chain of custody, signatures, templates and drafts, as rows."""
