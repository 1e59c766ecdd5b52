"""Each command a module of its name, those of docs/commands.md; and the files a command reads."""
