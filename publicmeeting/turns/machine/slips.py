"""Arrivals and no-shows that reception wrote by mistake and undoes within seconds.

Nothing may have happened to seat or ticket meanwhile; then the entry counts as never written
(docs/turns.md section 1).
"""

from collections.abc import Iterator

from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.machine.breaks import Break, Found, Refused
from publicmeeting.turns.machine.lookup import draw_of
from publicmeeting.turns.machine.state import Book, Draw, Entry, Seat, Slip, Ticket
from publicmeeting.turns.machine.tables import ON, SEAT, TicketState
from publicmeeting.turns.machine.tickets import known, unit
from publicmeeting.turns.machine.times import UNDONE_WITHIN


def note_slip(draw: Draw, seat: Seat, ticket: Ticket, entry: Entry) -> None:
    """Remember ticket and seat before an arrival or a no-show, in case it is undone."""
    name = ticket.name
    draw.slips[name] = Slip(
        entry, seat.state, ticket.copied(), draw.present.get(name), draw.arrivals.get(name, 0)
    )


def _slip(book: Book, entry: Entry, undone: Kind) -> tuple[Draw, Seat, Ticket, Slip]:
    """Return reception's newest entry on this seat, which must be the cause and of this kind."""
    draw, ticket = draw_of(book, entry), known(book, entry.text("ticket"))
    seat = draw.held.get(entry.text("time"))
    if (
        seat is None
        or seat.holder != ticket.name
        or seat.state not in SEAT[entry.kind].at
        or ticket.state is not TicketState.IN
        or (ticket.seat is None) is not (undone is Kind.NO_SHOW)
        or draw.monday_state not in ON
    ):
        raise Refused(Break.STEP_NOT_ALLOWED)
    slip = draw.slips.get(ticket.name)
    if slip is None or slip.entry.kind is not undone or entry.because != [slip.entry.seq]:
        raise Refused(Break.CAUSE_WRONG)
    if unit(entry.text("officer")) != unit(slip.entry.text("officer")):
        raise Refused(Break.BY_WRONG)
    return draw, seat, ticket, slip


def _late(entry: Entry, slip: Slip) -> Iterator[Found]:
    if entry.at - slip.entry.at > UNDONE_WITHIN:
        yield Found(Break.ANSWERED_LATE, entry.seq, entry.text("draw"), entry.text("ticket"))


def arrival_undone(book: Book, entry: Entry) -> Iterator[Found]:
    """She had not arrived; the seat is hers as before."""
    draw, seat, ticket, slip = _slip(book, entry, Kind.ARRIVAL)
    seat.state = slip.state
    draw.arrivals.pop(ticket.name, None)
    del draw.slips[ticket.name]
    yield from _late(entry, slip)


def no_show_undone(book: Book, entry: Entry) -> Iterator[Found]:
    """She did not miss it: she gets the seat, which nobody has yet, and what it cost her."""
    draw, seat, ticket, slip = _slip(book, entry, Kind.NO_SHOW)
    if not seat.stood_in:
        if slip.entry.seq not in book.taken:
            raise Refused(Break.CAUSE_WRONG)
        del book.taken[slip.entry.seq]
        _give_back(ticket, slip.ticket)
    seat.state, seat.freed, seat.freed_at = slip.state, 0, None
    ticket.seat = (draw.name, seat.time)
    if slip.present is not None:
        draw.present[ticket.name] = slip.present
    if slip.arrival:
        draw.arrivals[ticket.name] = slip.arrival
    del draw.slips[ticket.name]
    yield from _late(entry, slip)


def _give_back(ticket: Ticket, before: Ticket) -> None:
    """Add the loss to her present counts, so that changes in between are kept."""
    ticket.waited += before.waited
    ticket.given_up += before.given_up
    ticket.unanswered += before.unanswered
    if before.debt and not ticket.debt:
        ticket.debt, ticket.since_debt = 1, before.since_debt
    ticket.missed = max(0, ticket.missed - 1)
    ticket.is_proven = ticket.is_proven or before.is_proven
