"""What the line computed from the log says of a Monday and its draw, as their rows must say it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from publicmeeting.domain.mondays import DrawState
from publicmeeting.domain.mondays import MondayState as RowState
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.machine.entries.draws import drawn_file
from publicmeeting.turns.machine.state import Book, Draw, Entry, Week
from publicmeeting.turns.machine.tables import HELD, MondayState, SeatState

_TICKETS = ("ticket", "old", "new")
_NOBODYS = frozenset({SeatState.FREE, SeatState.MISSED})


@dataclass(frozen=True, slots=True)
class Opened:
    """What the log says of a Monday of one district."""

    seats: tuple[str, ...]
    """Those with which it was opened."""
    states: tuple[RowState, ...]
    """Those that its row may have, the usual one first."""
    has_ended: bool
    is_awaited: bool
    """Somebody holds a seat whom the mayor has not met."""
    draw: DrawState
    is_listed_again: bool
    """A second list is written."""
    seated: frozenset[str]
    """Tickets to which its draw gave a seat."""
    standby: tuple[str, ...]
    """All others of its list, in drawn order."""
    free: Mapping[str, datetime]
    """Start time of a seat that nobody has, or missed → since when; none before the draw."""


@dataclass(frozen=True, slots=True)
class LoggedDraw:
    """A draw as its row must be, by the log."""

    state: DrawState
    entries: frozenset[int]
    """The entries that made its lists and the draw."""
    file: dict[str, Any] | None
    """Its published file; None before its list is fixed."""
    frozen_at: datetime | None
    drawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listing:
    """One ticket and one fixed list, according to the log.

    `is_listed`: it is in the list that follows from the log. `is_wrong`: the announced list is
    another one. `is_missing`: a second list must include it. `voidable`: the act in her own name
    that alone excludes her and can still be voided; 0 for none. `has_objected`: with this ticket
    somebody has.
    """

    is_listed: bool = False
    is_wrong: bool = False
    is_missing: bool = False
    voidable: int = 0
    has_objected: bool = False


@dataclass(frozen=True, slots=True)
class Objections:
    """Those to the lists of a Monday: how many, and how many of them changed a first list.

    `due`: district → the entries for which its second list has to be written.
    """

    raised: int = 0
    right: int = 0
    due: Mapping[int, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LetGo:
    """A seat that somebody let go, and the entry that freed it."""

    draw: str
    monday: date
    time: str
    freed_by: int


@dataclass(frozen=True, slots=True)
class LoggedWeek:
    """The values of a Monday's draws."""

    committed: Mapping[str, str]
    """Party → its commitment to a sealed value, the city's included."""
    revealed: Mapping[str, str]
    """Party → its sealed value."""
    has_seats: bool
    """Whether one of its draws has seats to give."""
    closed: int
    """The entry that closed the reveals; 0 before."""
    typed: tuple[Entry, ...]
    """The late values that were typed."""
    stands: Entry | None
    """Which of them counts."""


_STATES: Mapping[MondayState, tuple[RowState, ...]] = {
    MondayState.OPEN: (RowState.OPEN, RowState.NO_VISITORS),
    MondayState.CLOSED: (RowState.CLOSED,),
    MondayState.HELD: (RowState.HELD,),
    MondayState.HELD_BY_DEPUTY: (RowState.HELD,),
    MondayState.NOT_HELD: (RowState.NOT_HELD,),
}


def states_of(draw: Draw) -> tuple[RowState, ...]:
    """Return the states that the row of a Monday may have, the usual one first.

    That nobody held a seat is in no entry.
    """
    if draw.monday_state is MondayState.ENDED:
        return (RowState.HELD,) if draw.is_held else (RowState.NO_VISITORS, RowState.OPEN)
    return _STATES[draw.monday_state]


def _state(draw: Draw) -> DrawState:
    if draw.drawn_at is not None:
        return DrawState.DRAWN
    return DrawState.FROZEN if draw.is_frozen else DrawState.OPEN


def logged_draw(draw: Draw, week: Week) -> LoggedDraw:
    """Return a draw as its row must be."""
    pools = [pool for pool in (draw.first_pool, draw.pool) if pool is not None]
    file = dict(pools[-1].file) if pools else None
    return LoggedDraw(
        state=_state(draw),
        entries=frozenset({*(pool.seq for pool in pools), draw.drawn} - {0}),
        file=file if draw.drawn_at is None else drawn_file(draw, week),
        frozen_at=pools[0].at if pools else None,
        drawn_at=draw.drawn_at,
    )


def logged_once(book: Book, kind: Kind, about: str) -> int:
    """Return the entry of a kind that a draw or a Monday has once; 0 before it.

    KeyError for a kind that it may have again.
    """
    draw, week = book.draws.get(about), book.weeks.get(about)
    if draw is not None:
        first = draw.first_pool.seq if draw.first_pool else 0
        return {Kind.MONDAY_OPENED: draw.opened, Kind.FREEZE: first, Kind.DRAW: draw.drawn}[kind]
    if week is not None:
        return {
            Kind.LINE_CLOSED: week.line_closed,
            Kind.REVEALS_CLOSED: week.reveals_closed,
            Kind.VALUE_STANDS: week.stands.seq if week.stands else 0,
        }[kind]
    return 0


def weeks_lost(book: Book, ticket: str) -> dict[int, int]:
    """Return entry → the weeks that it took from her, of those that have not come back."""
    own, taken = book.tickets[ticket], book.taken.items()
    return {seq: n for seq, n in taken if own.is_named(book.causes[seq].text("ticket"))}


def contests(book: Book, ticket: str) -> list[list[int]]:
    """Return each of her contests: its entry, and then those of its answers."""
    own, found = book.tickets[ticket], list[list[int]]()
    for seq, entry in sorted(book.causes.items()):
        if entry.kind is Kind.CONTESTED and own.is_named(entry.text("ticket")):
            found.append([seq])
        elif entry.kind is Kind.CONTEST_JUDGED:
            for contest in found:
                if entry.because == contest[:1]:
                    contest.append(seq)
    return found


def kept_out_by(book: Book, draw: str, ticket: str, kinds: Collection[Kind]) -> int:
    """Return her newest entry of these kinds before a first list; otherwise her first one.

    KeyError for a ticket that the log does not know.
    """
    own, frozen = book.tickets[ticket], logged_once(book, Kind.FREEZE, draw)
    about = sorted(
        seq
        for seq, entry in book.causes.items()
        if entry.kind in kinds and any(own.is_named(entry.body.get(key)) for key in _TICKETS)
    )
    return max((seq for seq in about if seq < frozen), default=about[0])


def opened_day(draw: Draw) -> Opened:
    """Return what pages compare with the rows of a Monday."""
    return Opened(
        seats=draw.seats_opened,
        states=states_of(draw),
        has_ended=draw.monday_state is MondayState.ENDED,
        is_awaited=any(seat.state in HELD for seat in draw.held.values()),
        draw=_state(draw),
        is_listed_again=draw.pool is not draw.first_pool,
        seated=draw.seated,
        standby=draw.standby,
        free=free_seats(draw),
    )


def free_seats(draw: Draw) -> dict[str, datetime]:
    """Return start time → since when, of the seats that nobody has, or missed."""
    return {
        seat.time: seat.freed_at
        for seat in draw.held.values()
        if seat.freed_at is not None and seat.state in _NOBODYS
    }


def logged_week(week: Week, draws: Iterable[Draw]) -> LoggedWeek:
    """Return the values of a Monday's draws."""
    return LoggedWeek(
        committed=dict(week.commitments),
        revealed=dict(week.reveals),
        has_seats=any(draw.seats for draw in draws),
        closed=week.reveals_closed,
        typed=tuple(week.values),
        stands=week.stands,
    )
