"""What follows from a step besides the row of the table: tickets, seats, the public log."""
