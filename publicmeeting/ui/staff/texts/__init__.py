"""`/district/`: what the district says of itself, changed by two."""
