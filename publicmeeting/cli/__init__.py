"""The command line: commands in modules of their names, and what they need of the machine; open app.py first."""
