"""The city's rules as pure functions and tables; begin with lifecycle/tables.py (steps), stages.py (stages and actions) and records.py (requests and orders)."""
