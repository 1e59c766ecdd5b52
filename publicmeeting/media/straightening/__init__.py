"""A photographed paper: where its corners are, and how it becomes a straight white sheet."""
