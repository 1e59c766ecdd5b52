"""The public log, and the place of a receipt in it."""
