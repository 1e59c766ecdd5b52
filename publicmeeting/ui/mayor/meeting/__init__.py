"""One visitor at the mayor's table, and the order sheet."""
