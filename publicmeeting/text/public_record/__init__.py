"""The public log: its entries, the draw ceremony, the verification and its faults."""
