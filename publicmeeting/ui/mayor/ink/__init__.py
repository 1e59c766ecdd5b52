"""Handwriting (pad.py) and photographed paper (corners.py): components with browser scripts, for the mayor's pages only."""
