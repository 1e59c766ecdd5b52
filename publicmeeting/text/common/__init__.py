"""Words of every page: dates, the frame, progress messages."""
