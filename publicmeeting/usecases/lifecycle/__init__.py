"""One step on one case: what it needs, who may take it, what follows from it."""
