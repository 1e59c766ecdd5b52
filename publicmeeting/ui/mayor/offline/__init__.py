"""The mayor's table while the tablet has no network: the day goes on, and is sent afterwards."""
