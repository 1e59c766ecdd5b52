"""The Mondays ahead, and closing one of them."""
