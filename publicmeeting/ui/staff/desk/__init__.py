"""The screening inbox with the case beside it."""
