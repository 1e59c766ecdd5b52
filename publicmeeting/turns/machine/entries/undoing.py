"""Acts in a citizen's name that she denies: what she gets back, and what she is owed instead.

The writer of the log could invent an act, and a citizen could deny a real one to profit twice. So
her seat comes back only while nobody else was asked for it and she could still come. Otherwise it
counts as given up, and once per ticket she is owed another (docs/turns.md section 1).
"""

from dataclasses import replace
from datetime import datetime

from publicmeeting.turns.kinds import Kind, TakenOut
from publicmeeting.turns.machine.breaks import Break, Refused
from publicmeeting.turns.machine.state import Book, Draw, Entry, Seat, Ticket, Undo
from publicmeeting.turns.machine.tables import HELD, ON, MondayState, SeatState, TicketState
from publicmeeting.turns.machine.times import CALLED_AFTER, Times

LET_GO = frozenset({Kind.SEAT_GIVEN_UP, Kind.OFFER_REFUSED})
"""Kinds by which she stays in the line without the seat."""

_SECOND, _THIRD = 2, 3


def undo_letting_go(book: Book, ticket: Ticket, act: Entry) -> None:
    """Undo giving up a seat or refusing an offer, if she has no other seat.

    The act may also be of her ticket before a redirect.
    """
    before = book.undo.get(act.seq)
    if (
        before is None
        or before.seat is None
        or ticket.gave_up != act.seq
        or ticket.state is not TicketState.IN
        or ticket.seat is not None
    ):
        raise Refused(Break.STEP_NOT_ALLOWED)
    is_offer = act.kind is Kind.OFFER_REFUSED
    if _comes_back(book, ticket, before) is None and (
        not is_undoable(book, ticket, act) or (is_offer and not is_owed(book, ticket, before))
    ):
        raise Refused(Break.STEP_NOT_ALLOWED)
    if before.after is not None:
        _give_back(ticket, before.ticket, before.after, act.seq)
    book.taken.pop(act.seq, None)
    ticket.gave_up = 0
    _seat_again(book, ticket, before)
    del book.undo[act.seq]


def _give_back(ticket: Ticket, before: Ticket, after: Ticket, act: int) -> None:
    """Restore what giving a seat up cost, keeping changes in between."""
    ticket.waited += before.waited - after.waited
    ticket.given_up = max(0, ticket.given_up + before.given_up - after.given_up)
    ticket.unanswered += before.unanswered - after.unanswered
    if before.debt > after.debt and not ticket.debt:
        ticket.debt, ticket.since_debt = 1, before.since_debt
    elif before.since_debt < after.since_debt:
        ticket.since_debt = max(0, ticket.since_debt - 1)
    ticket.has_moved = before.has_moved
    for day in [day for day, seq in ticket.excluded.items() if seq == act]:
        del ticket.excluded[day]
        if day in before.excluded:
            ticket.excluded[day] = before.excluded[day]


def is_undoable(book: Book, ticket: Ticket, act: Entry) -> bool:
    """Whether `objections_until` of her district's first list after the act has not passed."""
    lists = [
        draw
        for draw in book.draws.values()
        if draw.district == ticket.district
        and draw.first_pool is not None
        and draw.first_pool.seq > act.seq
    ]
    if not lists or book.at is None:
        return True
    first = min(lists, key=lambda draw: draw.first_pool.seq if draw.first_pool else 0)
    week = book.weeks[first.day]
    return book.at <= book.times(first, week).moved("objections_until")


def undo_leaving(book: Book, act: int) -> Ticket:
    """Undo a withdrawal or an acceptance, including what she had of a Monday."""
    before = book.undo[act]
    ticket = book.tickets[before.ticket.name]
    ticket.state, ticket.out, ticket.out_why = TicketState.IN, 0, None
    _seat_again(book, ticket, before)
    del book.undo[act]
    return ticket


def _seat_again(book: Book, ticket: Ticket, before: Undo) -> None:
    """Restore her seat or offer if it is still free; else it counts as one given up.

    It counts so in every case: a citizen who leaves late and returns must not be better off.
    """
    place, seat = _comes_back(book, ticket, before), book.seat_of(before.ticket)
    if before.seat is None or seat is None:
        return
    if place is not None:
        _restore(seat, before.seat, ticket)
        ticket.seat = place
    elif is_displaced(before.entry):
        ticket.owe()
    elif is_owed(book, ticket, before):
        ticket.given_up += 1
        ticket.owe()
        ticket.is_made_good = True
    elif before.seat.state in HELD and not before.seat.stood_in:
        count_given_up(ticket)


def is_displaced(act: Entry) -> bool:
    """Whether the act was a displacement.

    Its loss is owed in full: she needed her own card to come back, and a verified ticket is never
    displaced again.
    """
    return act.kind is Kind.TAKEN_OUT and act.text("why") == TakenOut.DISPLACED


def note_won(book: Book, ticket: Ticket, draw: Draw, seat: Seat) -> None:
    """Remember the seat that she would have won if she had not left after the list.

    It counts as what she had, in case she denies leaving.
    """
    before = book.undo.get(ticket.out)
    if ticket.state is TicketState.GONE and before is not None and before.seat is None:
        before.ticket.seat, before.won_by = (draw.name, seat.time), draw.drawn
        before.seat = replace(seat)


def _restore(seat: Seat, before: Seat, ticket: Ticket) -> None:
    """Give her the seat back as it was."""
    seat.state, seat.holder, seat.ends = before.state, ticket.name, before.ends
    seat.stood_in, seat.freed, seat.freed_at = before.stood_in, 0, None
    if before.stood_in:
        ticket.left_hall = ""


def count_given_up(ticket: Ticket) -> None:
    """Count a seat given up: the second since a debt takes the debt, the third resets the weeks."""
    ticket.given_up += 1
    if ticket.debt:
        ticket.since_debt += 1
        if ticket.since_debt >= _SECOND:
            ticket.debt = ticket.since_debt = 0
    if ticket.given_up >= _THIRD:
        ticket.reset()


def seat_back(book: Book, act: int) -> tuple[str, str] | None:
    """Return draw and time of the seat she gets back with an undone leaving, or None."""
    before = book.undo[act]
    return _comes_back(book, book.tickets[before.ticket.name], before)


def _comes_back(book: Book, ticket: Ticket, before: Undo) -> tuple[str, str] | None:
    """Return her seat if it is still free by that act and its Monday is on, else None.

    The offer must still run or, for a seat, she must be able to come by ten minutes after its time.
    A seat of a district she has left does not come back.
    """
    seat = book.seat_of(before.ticket)
    if (
        before.ticket.seat is None
        or before.seat is None
        or seat is None
        or book.at is None
        or ticket.seat is not None
        or ticket.district != before.ticket.district
        or not _is_free_by(seat, before.freed)
    ):
        return None
    draw = book.draws[before.ticket.seat[0]]
    if before.seat.state is SeatState.OFFERED:
        is_in_time = before.seat.ends is not None and book.at <= before.seat.ends
    else:
        is_in_time = book.at < _called_until(draw, seat)
    return before.ticket.seat if is_in_time and draw.monday_state in ON else None


def is_owed(book: Book, ticket: Ticket, before: Undo) -> bool:
    """Whether the city owes her another seat for one that went on by an act she denies.

    Once per ticket, and only if somebody else was asked for it or its Monday was closed. After the
    end of offers she must have been present: otherwise she could pass a seat to a friend at the
    door and be owed another.
    """
    seat = book.seat_of(before.ticket)
    if (
        before.ticket.seat is None
        or before.seat is None
        or seat is None
        or before.seat.stood_in
        or ticket.is_made_good
    ):
        return False
    draw = book.draws[before.ticket.seat[0]]
    closed_at = draw.closed_at if draw.monday_state is MondayState.CLOSED else None
    was_closed = closed_at is not None and closed_at < _called_until(draw, seat)
    is_gone = not _is_free_by(seat, before.freed) or was_closed
    until = Times(draw.monday, draw.rules.body).at("standby_until")
    return is_gone and (before.entry.at < until or before.ticket.name in draw.present)


def _is_free_by(seat: Seat, act: int) -> bool:
    return seat.state is SeatState.FREE and seat.freed == act


def _called_until(draw: Draw, seat: Seat) -> datetime:
    return Times(draw.monday, draw.rules.body).starts_at(seat.time) + CALLED_AFTER
