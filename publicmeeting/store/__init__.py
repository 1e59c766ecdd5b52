"""Rows, queries, one unit of work, migrations; returns domain objects, never rows."""
