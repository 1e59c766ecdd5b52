"""From a draft to a request and its receipt."""
