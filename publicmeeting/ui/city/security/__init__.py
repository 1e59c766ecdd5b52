"""Security events, as an administrator reads them."""
