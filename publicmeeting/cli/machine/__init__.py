"""Commands' needs of the machine: environment and bun (environment.py, open it first), locks, programs."""
