"""Words of every page: dates, the frame, what is said while something is under way."""
