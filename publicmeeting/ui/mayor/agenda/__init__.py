"""The mayor's day: who is in, who is next, what is late."""
