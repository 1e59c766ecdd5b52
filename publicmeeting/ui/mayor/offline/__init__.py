"""The mayor's table while the tablet has no network (table.py): the day continues and is sent afterwards."""
