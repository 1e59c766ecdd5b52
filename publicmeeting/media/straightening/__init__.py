"""Photographed paper: finding its corners, and making a straight white sheet; open straighten.py first."""
