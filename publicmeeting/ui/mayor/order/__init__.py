"""One promise and what the mayor may decide on it."""
