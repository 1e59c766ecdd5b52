"""Handwriting and photographed paper (pad.py): components with browser scripts, for the mayor's pages only."""
