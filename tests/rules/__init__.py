"""Rules that every file of the project must obey, checked by reading each file once."""
