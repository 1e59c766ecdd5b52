"""The two tables of steps, what decides whether one may be taken, and who may see a case."""
