"""Whose turn a free seat is, and whether somebody was passed over (docs/turns.md section 1).

A missing offer leaves no entry. Nobody is accused for hours in which the clock may have stood
still: it must have written something else while the seat was free.
"""

from collections.abc import Iterator
from datetime import datetime

from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.machine.breaks import Break, Found
from publicmeeting.turns.machine.state import Book, Draw, Entry, Seat, Ticket
from publicmeeting.turns.machine.tables import TICKET, DrawState, MondayState, TicketState
from publicmeeting.turns.machine.times import LEEWAY, QUARTER, Times, next_quarter

_BY_CLOCK = frozenset(
    {
        Kind.MONDAY_OPENED,
        Kind.LINE_CLOSED,
        Kind.FREEZE,
        Kind.DRAW,
        Kind.OFFERED,
        Kind.SEAT_LAPSED,
        Kind.STOOD_IN,
        Kind.MONDAY_ENDED,
    }
)
"""Kinds that only the clock writes, at its own time."""
_BACK = frozenset(
    {
        Kind.TAKEN_IN,
        Kind.SEAT_GIVEN_UP,
        Kind.SEAT_LAPSED,
        Kind.NO_SHOW,
        Kind.NOT_RECEIVED,
        Kind.NOT_CALLED,
    }
)
"""Kinds by which a ticket of a standby may wait again; it was not asked while it was away."""


def note_entry(book: Book, entry: Entry) -> None:
    """Remember that the clock ran, and which ticket is back."""
    if entry.kind in _BY_CLOCK:
        book.clock_ran.append(entry.at)
    if entry.kind in _BACK:
        book.came_back[entry.text("ticket")] = entry.seq


def candidates(book: Book, draw: Draw) -> list[Ticket]:
    """Return the standby in order: tickets in the line without a seat of any draw.

    An open offer is no seat, or one that nobody ended would hide whose turn it is.
    """
    tickets = [book.tickets[name] for name in draw.standby if name in book.tickets]
    return [
        ticket for ticket in tickets if ticket.state is TicketState.IN and not book.has_seat(ticket)
    ]


def wanting(book: Book, draw: Draw) -> list[Ticket]:
    """Return who wants a free seat, in order: the standby as drawn, the others as they filed.

    The order is fixed before anybody knows which seat will be free, so nobody can aim a seat at a
    buyer (docs/turns.md section 1).
    """
    places = {name: place for place, name in enumerate(draw.standby)}
    return sorted(
        (
            book.tickets[name]
            for name in draw.wants
            if book.tickets[name].state is TicketState.IN and not book.has_seat(book.tickets[name])
        ),
        key=lambda ticket: (places.get(ticket.name, len(places)), ticket.filed),
    )


def may_want(draw: Draw, ticket: Ticket) -> bool:
    """Whether she may ask for an offer of a free seat of a Monday, which she may do once.

    A standby who was not asked is offered one without that.
    """
    return (
        draw.state is DrawState.DRAWN
        and draw.monday_state is MondayState.OPEN
        and ticket.state in TICKET[Kind.FREE_WANTED].at
        and ticket.district == draw.district
        and ticket.seat is None
        and draw.day not in ticket.excluded
        and ticket.name not in draw.wanted
        and (ticket.name not in draw.standby or ticket.name in draw.asked)
    )


def unasked(book: Book, draw: Draw) -> Iterator[Ticket]:
    """Yield the candidates who had no offer of this Monday, in order."""
    return (ticket for ticket in candidates(book, draw) if ticket.name not in draw.asked)


def next_offered(book: Book, draw: Draw) -> Ticket | None:
    """Return who is offered the next free seat: the unasked standby, then who wants one."""
    return next(unasked(book, draw), None) or next(iter(wanting(book, draw)), None)


def first_present(book: Book, draw: Draw, due: datetime, now: datetime) -> Ticket | None:
    """Return the ticket that gets a free seat of the day, or None.

    The moments are `due` and every quarter hour after it. At the first moment at which somebody of
    the standby was present, the first of those in standby order gets the seat. A citizen who gave
    up a seat that she had stood in is not given another one that day.
    """
    here = [
        candidate
        for candidate in candidates(book, draw)
        if candidate.name in draw.present and candidate.left_hall != draw.name
    ]
    moment = due
    while moment <= now:
        in_time = [ticket for ticket in here if draw.present[ticket.name].at <= moment]
        if in_time:
            return in_time[0]
        moment = next_quarter(moment)
    return None


def not_offered(book: Book, draw: Draw, seat: Seat, entry: Entry) -> Iterator[Found]:
    """Report a seat that was free before the day and not offered, although somebody was next."""
    if seat.freed_at is None:
        return
    until = Times(draw.monday, draw.rules.body).at("standby_until")
    never = [ticket for ticket in _waiting(book, draw) if ticket.name not in draw.asked]
    passed = never if _has_run(book, seat.freed_at, until) else []
    for ticket in wanting(book, draw):
        want = draw.wants[ticket.name]
        has_waited = book.came_back.get(ticket.name, 0) < want.seq
        if has_waited and _has_run(book, max(seat.freed_at, want.at), until):
            passed.append(ticket)
    if passed:
        yield Found(Break.NOT_OFFERED, entry.seq, draw.name, passed[0].name)


def not_given(book: Book, draw: Draw, seat: Seat, entry: Entry) -> Iterator[Found]:
    """Report a seat that stayed empty while somebody of the standby was in the hall."""
    if seat.freed_at is None:
        return
    times = Times(draw.monday, draw.rules.body)
    due, until = times.stands_in_at(seat.time, seat.freed_at), times.last_end(draw.seats)
    for ticket in _waiting(book, draw):
        here = draw.present.get(ticket.name)
        if here is not None and _has_run(book, max(due, here.at) + QUARTER, until):
            yield Found(Break.NOT_OFFERED, entry.seq, draw.name, ticket.name)
            return


def _waiting(book: Book, draw: Draw) -> list[Ticket]:
    """Return the candidates who have been candidates ever since the draw."""
    return [
        candidate
        for candidate in candidates(book, draw)
        if book.came_back.get(candidate.name, 0) < draw.drawn
    ]


def _has_run(book: Book, since: datetime, until: datetime) -> bool:
    """Whether the clock wrote an entry at least ten minutes after `since` and before `until`."""
    last = next((at for at in reversed(book.clock_ran) if at <= until - LEEWAY), None)
    return last is not None and last >= since + LEEWAY
