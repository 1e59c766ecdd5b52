"""Where a Monday of a district, its draw and each of its seats stand, and what may follow what.

The values are stored. How the public log names the same is `turns.machine.tables`.
"""

from collections.abc import Mapping
from typing import TypeVar

from publicmeeting.domain.stored import StoredEnum


class MondayState(StoredEnum):
    """Where a meeting day stands."""

    OPEN = "open"
    CLOSED = "closed"
    """A holiday, closed by the administrator, or without an outside value for its draw."""
    HELD = "held"
    """Somebody was called in."""
    NOT_HELD = "not_held"
    """Somebody held a seat, and nobody was called in."""
    NO_VISITORS = "no_visitors"
    """Nobody held a seat."""
    UNKNOWN = "unknown"


class DrawState(StoredEnum):
    """Where the draw of a Monday stands."""

    OPEN = "open"
    FROZEN = "frozen"
    """Its list is fixed and published."""
    DRAWN = "drawn"
    UNKNOWN = "unknown"


class SeatState(StoredEnum):
    """Where an allocation stands: one request's seat of one Monday."""

    HELD = "held"
    USED = "used"
    """She was met."""
    RELEASED = "released"
    """She gave it up."""
    REFUSED = "refused"
    """She refused the offer of it."""
    LAPSED = "lapsed"
    """She did not answer in time."""
    MISSED = "missed"
    """She did not come."""
    CANCELLED = "cancelled"
    """The city did not receive her."""
    NOT_CALLED = "not_called"
    """The day was over before her turn, and she was not at the reception."""
    LEFT = "left"
    """She had left between the list and the draw: hers for no moment."""
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
"""An open one whose Monday is closed loses its seats; of a frozen one the list may be set right."""
SEAT: Mapping[SeatState, frozenset[SeatState]] = {
    _S.HELD: frozenset(_S) - {_S.HELD, _S.UNKNOWN},
    _S.RELEASED: frozenset({_S.HELD}),
    _S.REFUSED: frozenset({_S.HELD}),
    _S.LEFT: frozenset({_S.HELD}),
    _S.MISSED: frozenset({_S.HELD}),
}
"""What was given up or refused comes back when that is undone; what was missed, when she came
late. A state that is no key of its table is an end."""


_State = TypeVar("_State", bound=StoredEnum)


def check_step(table: Mapping[_State, frozenset[_State]], was: _State, to: _State) -> None:
    """ValueError where a state may not follow another one by this table."""
    if to not in table.get(was, frozenset()):
        msg = f"{was} cannot become {to}"
        raise ValueError(msg)


ON = frozenset({MondayState.OPEN, MondayState.HELD})
"""A Monday on which people are received, or will be."""
TAKEN = frozenset({SeatState.HELD, SeatState.USED})
"""A seat that nobody else can have."""
LET_GO = frozenset({SeatState.RELEASED, SeatState.REFUSED})
"""A seat that she let go herself."""
NOT_RECEIVED = frozenset({SeatState.CANCELLED, SeatState.NOT_CALLED})
"""A seat of a day that ended without her."""
