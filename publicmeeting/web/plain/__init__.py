"""Pages that work without scripts, for citizens and for forms that set cookies; page.py is the frame."""
