"""A Monday without network: printed lists, entries from paper, late presses."""
