"""`/verify/`: the reader's own browser checks a draw or the whole log; check.py lists its scripts, of which check.js draws and verify.js verifies."""
