"""Background work: the scheduler that runs the city's clock, its jobs, the listener, the cleanup."""
