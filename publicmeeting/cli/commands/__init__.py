"""Commands of docs/commands.md, each in a module of its name; run.py starts the whole service."""
