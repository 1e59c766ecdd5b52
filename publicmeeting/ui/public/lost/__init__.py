"""There is nothing at this address."""
