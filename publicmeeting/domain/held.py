"""How a Monday was held."""

from enum import StrEnum


class How(StrEnum):
    """What became of a Monday."""

    MAYOR = "mayor"
    DEPUTY = "deputy"
    BOTH = "both"
    """Handed over on the way: each has held meetings of it."""
    CLOSED = "closed"
    CUT_SHORT = "cut_short"
    """Some were met, and the rest of the day was called off."""
    NO_VISITORS = "no_visitors"
    SILENT = "silent"
    """Somebody held a seat, nobody was called in, and no reason is recorded."""
    PAPER = "paper"
    """The city saw nobody called in; whoever held the day has noted afterwards, for at least one,
    that it was held on paper. It is his word until she says that it is so."""
    AHEAD = "ahead"
    """Nobody has been called in, and there is still time."""
