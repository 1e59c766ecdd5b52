"""What everybody may read and recompute: the log, draws, figures; start at `log.py`."""
