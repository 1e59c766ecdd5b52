"""Rows, queries and the unit of work (unit_of_work.py, open it first); repositories return domain objects, never rows."""
