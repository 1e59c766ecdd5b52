"""Each command a module of its name: those of README's table; and what they share."""
