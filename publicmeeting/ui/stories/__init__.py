"""Sample pages (`/stories/`) of every component in every condition, with plain data, not in production; pages.py lists them."""
