"""What desk, reception and unit officers see: inbox, case, Monday list, unit orders."""
