"""What runs by itself: the scheduler and its jobs, the listener, the cleanup."""
