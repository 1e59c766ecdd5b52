"""A Monday without the network: printed lists, what was written on them, presses sent late."""
