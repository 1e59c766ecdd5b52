"""The pages in Reflex, a package for each role; routes.py lists them all."""
