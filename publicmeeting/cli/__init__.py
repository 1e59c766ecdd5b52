"""The command line: each command a module of its name in commands/, what it needs of the machine in machine/."""
