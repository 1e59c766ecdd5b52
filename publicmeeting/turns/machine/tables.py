"""The four state machines as tables: what each kind of entry does to ticket, Monday, draw, seat.

A step that is not in these rows is a fault (docs/turns.md section 1). The modules beside this one
count weeks and debts; no other code determines a next state.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from publicmeeting.turns.kinds import Kind, TakenIn, TakenOut


class TicketState(StrEnum):
    """State of a ticket."""

    IN = "in"
    OUT = "out"
    GONE = "gone"


class MondayState(StrEnum):
    """State of a meeting day."""

    OPEN = "open"
    CLOSED = "closed"
    HELD = "held"
    HELD_BY_DEPUTY = "held_by_deputy"
    NOT_HELD = "not_held"
    ENDED = "ended"


class DrawState(StrEnum):
    """State of the draw of a district and Monday."""

    OPEN = "open"
    FROZEN = "frozen"
    REVEALING = "revealing"
    SEALED = "sealed"
    DRAWN = "drawn"


class SeatState(StrEnum):
    """State of a seat of a drawn Monday."""

    GIVEN = "given"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    MET = "met"
    MISSED = "missed"
    FREE = "free"


ON = frozenset({MondayState.OPEN, MondayState.HELD, MondayState.HELD_BY_DEPUTY})
"""States of a Monday on which seats are assigned and used."""

HELD = frozenset({SeatState.GIVEN, SeatState.CONFIRMED, SeatState.ARRIVED})
"""States of a seat that somebody has; an open offer is none yet."""


class Writer(StrEnum):
    """Who takes a step."""

    CITIZEN = "citizen"
    OFFICER = "officer"
    CLOCK = "clock"
    PARTY = "party"


@dataclass(frozen=True, slots=True)
class Step:
    """One row: from which states, to which, by whom. `to` is None if the state stays."""

    at: frozenset[StrEnum]
    to: StrEnum | None
    by: Writer


def _step(at: tuple[StrEnum, ...], to: StrEnum | None, by: Writer) -> Step:
    return Step(frozenset(at), to, by)


_T, _M, _S = TicketState, MondayState, SeatState
_CITIZEN, _OFFICER, _CLOCK = Writer.CITIZEN, Writer.OFFICER, Writer.CLOCK

TAKEN_OUT: Mapping[TakenOut, Step] = {
    TakenOut.INFO_ASKED: _step((_T.IN,), _T.OUT, _OFFICER),
    TakenOut.DECLINED: _step((_T.IN,), _T.OUT, _OFFICER),
    TakenOut.ANSWERED: _step((_T.IN,), _T.OUT, _OFFICER),
    TakenOut.LAPSED: _step((_T.OUT,), _T.GONE, _CLOCK),
    TakenOut.SETTLED: _step((_T.OUT,), _T.GONE, _CLOCK),
    TakenOut.DISPLACED: _step((_T.IN,), _T.GONE, _CLOCK),
    TakenOut.ACCEPTED: _step((_T.IN, _T.OUT), _T.GONE, _CITIZEN),
    TakenOut.WITHDRAWN: _step((_T.IN, _T.OUT), _T.GONE, _CITIZEN),
}
TAKEN_IN: Mapping[TakenIn, Step] = {
    TakenIn.GIVEN: _step((_T.OUT,), _T.IN, _CITIZEN),
    TakenIn.OBJECTED: _step((_T.OUT,), _T.IN, _CITIZEN),
    TakenIn.INSISTED: _step((_T.OUT,), _T.IN, _CITIZEN),
    TakenIn.UNDONE: _step((_T.GONE,), _T.IN, _CITIZEN),
}
ANSWERS: Mapping[TakenIn, frozenset[TakenOut]] = {
    TakenIn.GIVEN: frozenset({TakenOut.INFO_ASKED}),
    TakenIn.OBJECTED: frozenset({TakenOut.DECLINED}),
    TakenIn.INSISTED: frozenset({TakenOut.ANSWERED}),
    TakenIn.UNDONE: frozenset({TakenOut.ACCEPTED, TakenOut.DISPLACED, TakenOut.WITHDRAWN}),
}
"""Reason for coming in → reasons for going out that it answers."""

ENDS: Mapping[TakenOut, frozenset[TakenOut]] = {
    TakenOut.LAPSED: frozenset({TakenOut.INFO_ASKED}),
    TakenOut.SETTLED: frozenset({TakenOut.ANSWERED, TakenOut.DECLINED}),
}
"""Reason of the clock's final removal → reasons for going out that it ends."""

TICKET: Mapping[Kind, Step] = {
    Kind.MONDAY_EXCLUDED: _step((_T.IN,), None, _CITIZEN),
    Kind.MONDAY_INCLUDED: _step((_T.IN,), None, _CITIZEN),
    Kind.VERIFIED: _step((_T.IN, _T.OUT, _T.GONE), None, _OFFICER),
    Kind.LANE_GRANTED: _step((_T.IN, _T.OUT, _T.GONE), None, _CLOCK),
    Kind.CONTESTED: _step((_T.IN,), None, _CITIZEN),
    Kind.WEEKS_BACK: _step((_T.IN,), None, _CLOCK),
    Kind.FREE_WANTED: _step((_T.IN,), None, _CITIZEN),
}
"""Steps that leave the state of a ticket unchanged."""

MONDAY: Mapping[Kind, Step] = {
    Kind.MONDAY_CLOSED: _step((_M.OPEN, _M.HELD, _M.HELD_BY_DEPUTY), _M.CLOSED, _OFFICER),
    Kind.MONDAY_HELD: _step((_M.OPEN,), _M.HELD, _OFFICER),
    Kind.MONDAY_NOT_HELD: _step((_M.OPEN,), _M.NOT_HELD, _CLOCK),
    Kind.MONDAY_ENDED: _step((_M.OPEN, _M.HELD, _M.HELD_BY_DEPUTY), _M.ENDED, _CLOCK),
}
"""Steps of a Monday; `monday_held` by a deputy leads to `held_by_deputy`."""

_D = DrawState

DRAW: Mapping[Kind, Step] = {
    Kind.COMMITMENT: _step((_D.OPEN,), None, Writer.PARTY),
    Kind.FREEZE: _step((_D.OPEN, _D.FROZEN), _D.FROZEN, _CLOCK),
    Kind.OBJECTION: _step((_D.FROZEN, _D.REVEALING, _D.SEALED, _D.DRAWN), None, _CITIZEN),
    Kind.REVEAL: _step((_D.FROZEN, _D.REVEALING), _D.REVEALING, Writer.PARTY),
    Kind.REVEALS_CLOSED: _step((_D.FROZEN, _D.REVEALING), _D.SEALED, _CLOCK),
    Kind.VALUE: _step((_D.SEALED,), None, Writer.PARTY),
    Kind.VALUE_STANDS: _step((_D.SEALED,), None, _CLOCK),
    Kind.DRAW: _step((_D.SEALED,), _D.DRAWN, _CLOCK),
}
"""Steps of a draw.

A second `freeze` follows objections that changed the first list. All draws of a Monday go from
`frozen` to `sealed` together.
"""

SEAT: Mapping[Kind, Step] = {
    Kind.SEAT_CONFIRMED: _step((_S.GIVEN,), _S.CONFIRMED, _CITIZEN),
    Kind.SEAT_GIVEN_UP: _step((_S.GIVEN, _S.CONFIRMED), _S.FREE, _CITIZEN),
    Kind.SEAT_LAPSED: _step((_S.GIVEN,), _S.FREE, _CLOCK),
    Kind.OFFERED: _step((_S.FREE,), _S.OFFERED, _CLOCK),
    Kind.OFFER_ACCEPTED: _step((_S.OFFERED,), _S.CONFIRMED, _CITIZEN),
    Kind.OFFER_REFUSED: _step((_S.OFFERED,), _S.FREE, _CITIZEN),
    Kind.OFFER_UNANSWERED: _step((_S.OFFERED,), _S.FREE, _CLOCK),
    Kind.TAKEN_FREE: _step((_S.FREE,), _S.CONFIRMED, _CITIZEN),
    Kind.ARRIVAL: _step((_S.GIVEN, _S.CONFIRMED), _S.ARRIVED, _OFFICER),
    Kind.ARRIVAL_UNDONE: _step((_S.ARRIVED,), _S.CONFIRMED, _OFFICER),
    Kind.STOOD_IN: _step((_S.FREE, _S.MISSED), _S.CONFIRMED, _CLOCK),
    Kind.NO_SHOW: _step((_S.CONFIRMED, _S.ARRIVED), _S.MISSED, _OFFICER),
    Kind.NO_SHOW_UNDONE: _step((_S.MISSED,), _S.CONFIRMED, _OFFICER),
    Kind.CAME_LATE: _step((_S.MISSED,), _S.ARRIVED, _OFFICER),
    Kind.MET: _step((_S.ARRIVED,), _S.MET, _OFFICER),
    Kind.NOT_RECEIVED: _step((_S.GIVEN, _S.CONFIRMED, _S.ARRIVED), _S.FREE, _CLOCK),
    Kind.NOT_CALLED: _step((_S.GIVEN, _S.CONFIRMED), _S.FREE, _CLOCK),
}
"""Steps of a seat; `seats.py` has what each costs. An undone step restores the former state."""
