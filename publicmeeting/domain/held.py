"""Enumeration of the ways in which a Monday was held."""

from enum import StrEnum


class How(StrEnum):
    """How a Monday was held."""

    MAYOR = "mayor"
    DEPUTY = "deputy"
    BOTH = "both"
    """The Monday was handed over: mayor and deputy both held meetings."""
    CLOSED = "closed"
    CUT_SHORT = "cut_short"
    """Some visitors were met, and the rest of the day was cancelled."""
    NO_VISITORS = "no_visitors"
    SILENT = "silent"
    """Somebody held a seat, nobody was called in, and no reason is recorded."""
    PAPER = "paper"
    """Nobody was called in, and at least one meeting was noted later as held on paper.

    The note is the mayor's or deputy's statement, until the citizen confirms it.
    """
    AHEAD = "ahead"
    """Nobody has been called in yet, and there is still time."""
