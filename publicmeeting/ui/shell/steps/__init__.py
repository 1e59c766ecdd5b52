"""The decision bar: what may be done now, the fields it needs, and what the citizen will read."""
