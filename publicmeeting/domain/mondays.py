"""States of a district's Monday, of its draw and of each seat; transitions; how it was held.

The values are stored. For the same states in the public log see `turns.machine.tables`.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from publicmeeting.kit.stored import StoredEnum

OPENS_AHEAD = timedelta(weeks=7)
"""More than the time before a Monday at which it is opened; nothing later is of this program."""


class MondayState(StoredEnum):
    """State of a meeting day."""

    OPEN = "open"
    CLOSED = "closed"
    """A holiday, closed by an administrator, or without a late value for its draw."""
    HELD = "held"
    """Somebody was called in."""
    NOT_HELD = "not_held"
    """Somebody held a seat, and nobody was called in."""
    NO_VISITORS = "no_visitors"
    """Nobody held a seat."""
    UNKNOWN = "unknown"


class DrawState(StoredEnum):
    """State of the draw of a Monday."""

    OPEN = "open"
    FROZEN = "frozen"
    """The list is fixed and published."""
    DRAWN = "drawn"
    UNKNOWN = "unknown"


class SeatState(StoredEnum):
    """State of an allocation: one request's seat on one Monday."""

    HELD = "held"
    USED = "used"
    """The mayor met her."""
    RELEASED = "released"
    """She gave it up."""
    REFUSED = "refused"
    """She refused the offer."""
    LAPSED = "lapsed"
    """She did not answer in time."""
    MISSED = "missed"
    """She did not come."""
    CANCELLED = "cancelled"
    """The city did not receive her."""
    NOT_CALLED = "not_called"
    """The day ended before her turn, and she was not at reception."""
    LEFT = "left"
    """She left the line between freeze and draw, so the seat was never hers."""
    UNKNOWN = "unknown"


_M, _D, _S = MondayState, DrawState, SeatState


MONDAY: Mapping[MondayState, frozenset[MondayState]] = {
    _M.OPEN: frozenset({_M.CLOSED, _M.HELD, _M.NOT_HELD, _M.NO_VISITORS}),
    _M.HELD: frozenset({_M.CLOSED}),
}


DRAW: Mapping[DrawState, frozenset[DrawState]] = {
    _D.OPEN: frozenset({_D.OPEN, _D.FROZEN}),
    _D.FROZEN: frozenset({_D.FROZEN, _D.DRAWN}),
}
"""Allowed transitions of a draw.

Two states may follow themselves: an open draw loses its seats when its Monday is closed, and the
list of a frozen draw may be corrected.
"""


SEAT: Mapping[SeatState, frozenset[SeatState]] = {
    _S.HELD: frozenset(_S) - {_S.HELD, _S.UNKNOWN},
    _S.RELEASED: frozenset({_S.HELD}),
    _S.REFUSED: frozenset({_S.HELD}),
    _S.LEFT: frozenset({_S.HELD}),
    _S.MISSED: frozenset({_S.HELD}),
}
"""Allowed transitions of a seat.

Released, refused and left seats come back when that step is undone. A missed seat comes back when
she comes late. In all three tables a state without an entry is final.
"""


_State = TypeVar("_State", bound=StoredEnum)


def check_step(table: Mapping[_State, frozenset[_State]], was: _State, to: _State) -> None:
    """Raise ValueError if the table does not allow this transition."""
    if to not in table.get(was, frozenset()):
        msg = f"{was} cannot become {to}"
        raise ValueError(msg)


ON = frozenset({MondayState.OPEN, MondayState.HELD})
"""States of a Monday on which people are received, or will be."""


TAKEN = frozenset({SeatState.HELD, SeatState.USED})
"""States of a seat that nobody else can have."""


LET_GO = frozenset({SeatState.RELEASED, SeatState.REFUSED})
"""States of a seat that she let go herself."""


MAY_COME_BACK = LET_GO | {SeatState.LEFT, SeatState.MISSED}
"""States of a seat that may be hers again: she denies or undoes letting it go, or comes late."""


NOT_RECEIVED = frozenset({SeatState.CANCELLED, SeatState.NOT_CALLED})
"""States of a seat on a day that ended without her meeting."""


NOBODY_CAME = frozenset({SeatState.MISSED, SeatState.NOT_CALLED})
"""States of a seat that ended without an arrival, whoever is to blame."""


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
