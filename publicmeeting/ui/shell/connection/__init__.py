"""Between an open page and the server: a lost connection and failing service (trouble.py), events that a browser sends again, and the check of every event."""
