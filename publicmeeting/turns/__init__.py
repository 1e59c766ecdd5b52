"""The weekly line as pure functions: the draw (rule.py, open it first), its file, the public log, receipts and witnesses; machine/ audits the log."""
