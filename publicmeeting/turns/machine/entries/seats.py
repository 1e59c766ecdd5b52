"""Handlers of seat entries: answers, offers, the day itself, and slips of reception.

Reception undoes an arrival or a no-show within seconds if it was written by mistake. Nothing may
have happened to seat or ticket meanwhile; then the entry counts as never written (docs/turns.md
section 1).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import from_iso, iso
from publicmeeting.turns.kinds import GivenUp, Kind
from publicmeeting.turns.machine.breaks import Break, Found, Refused
from publicmeeting.turns.machine.entries.mondays import has_gone_by
from publicmeeting.turns.machine.entries.outages import is_excused, not_lapsed
from publicmeeting.turns.machine.entries.standby import (
    candidates,
    first_present,
    may_want,
    next_offered,
    not_offered,
    wanting,
)
from publicmeeting.turns.machine.entries.tickets import (
    known,
    leave_offer,
    release,
    single_cause,
    unit,
)
from publicmeeting.turns.machine.entries.undoing import count_given_up
from publicmeeting.turns.machine.state import Book, Draw, Entry, Seat, Slip, Ticket, Undo, draw_of
from publicmeeting.turns.machine.tables import (
    ON,
    SEAT,
    DrawState,
    MondayState,
    SeatState,
    TicketState,
)
from publicmeeting.turns.machine.times import CALLED_AFTER, LEEWAY, UNDONE_WITHIN, Times
from publicmeeting.turns.rules.week import Week as RuleWeek


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


_SECOND = 2
_MOST_MOVED = 4


def _place(book: Book, entry: Entry) -> tuple[Draw, Seat, Ticket]:
    """Return draw, seat and ticket of an entry; refused unless the seat's table allows the step."""
    draw, ticket = draw_of(book, entry), known(book, entry.text("ticket"))
    seat = draw.held.get(entry.text("time"))
    if seat is None or seat.state not in SEAT[entry.kind].at:
        raise Refused(Break.STEP_NOT_ALLOWED)
    return draw, seat, ticket


def _held(book: Book, entry: Entry) -> tuple[Draw, Seat, Ticket]:
    """Return the same for a seat that this ticket holds."""
    draw, seat, ticket = _place(book, entry)
    if seat.holder != ticket.name:
        raise Refused(Break.STEP_NOT_ALLOWED)
    return draw, seat, ticket


def _times(draw: Draw) -> Times:
    return Times(draw.monday, draw.rules.body)


def _about(entry: Entry, code: Break) -> Found:
    return Found(code, entry.seq, entry.text("draw"), entry.text("ticket"))


def seat_confirmed(book: Book, entry: Entry) -> Iterator[Found]:
    """A drawn seat that is confirmed, or an offered one that is accepted."""
    _, seat, _ = _held(book, entry)
    if seat.ends is not None and entry.at > seat.ends:
        yield _about(entry, Break.ANSWERED_LATE)
    seat.state = SeatState.CONFIRMED


def seat_given_up(book: Book, entry: Entry) -> Iterator[Found]:
    draw, seat, ticket = _held(book, entry)
    why, until = GivenUp(entry.text("why")), entry.text("until")
    if (why is GivenUp.MOVED) != bool(until):
        raise Refused(Break.STEP_NOT_ALLOWED)
    times = _times(draw)
    before = Undo(ticket.copied(), replace(seat), entry)
    if why is GivenUp.MOVED:
        _move(entry, draw, ticket, until)
        if entry.at > (seat.ends or times.at("answer_by")):
            yield _about(entry, Break.ANSWERED_LATE)
    elif not seat.stood_in and not _needs_no_answer(book, seat, times, entry.at):
        yield from not_lapsed(book, draw, seat, entry)
        count_given_up(ticket)
        if entry.at >= times.at("standby_until"):
            ticket.reset()
    if lost := before.ticket.waited - ticket.waited:
        book.taken[entry.seq] = lost
    ticket.gave_up = entry.seq
    release(ticket, seat, entry)
    book.undo[entry.seq] = replace(before, after=ticket.copied())


def _needs_no_answer(book: Book, seat: Seat, times: Times, at: datetime) -> bool:
    """Whether an unconfirmed seat costs nothing.

    It was drawn too late for an answer, or an outage keeps it beyond its deadline.
    """
    if seat.state is not SeatState.GIVEN or seat.ends is None:
        return False
    is_kept = at > seat.ends + LEEWAY and is_excused(book, seat.ends)
    return is_kept or seat.ends > times.at("standby_until")


def _move(entry: Entry, draw: Draw, ticket: Ticket, until: str) -> None:
    """Allowed once per ticket; the Mondays before the target are left out."""
    weeks = (from_iso(until) - draw.monday).days // 7
    if ticket.has_moved or not 0 < weeks <= _MOST_MOVED + 1:
        raise Refused(Break.STEP_NOT_ALLOWED)
    ticket.has_moved = True
    for week in range(1, weeks):
        ticket.excluded[iso(draw.monday.fromordinal(draw.monday.toordinal() + 7 * week))] = (
            entry.seq
        )


def seat_lapsed(book: Book, entry: Entry) -> Iterator[Found]:
    _, seat, ticket = _held(book, entry)
    if seat.ends is None or entry.at < seat.ends or is_excused(book, seat.ends):
        yield _about(entry, Break.LAPSED_EARLY)
    elif entry.at > seat.ends + LEEWAY:
        yield _about(entry, Break.LATE)
    book.lapsed_end = seat.ends or book.lapsed_end
    ticket.debt = ticket.since_debt = 0
    ticket.unanswered += 1
    if ticket.unanswered >= _SECOND:
        ticket.reset()
    release(ticket, seat, entry)


def offered(book: Book, entry: Entry) -> Iterator[Found]:
    draw, ticket = draw_of(book, entry), known(book, entry.text("ticket"))
    free = sorted(draw.free_seats(), key=lambda seat: seat.time)
    if draw.state is not DrawState.DRAWN or draw.monday_state not in ON:
        raise Refused(Break.STEP_NOT_ALLOWED)
    if entry.text("time") not in {seat.time for seat in free}:
        raise Refused(Break.OFFER_WITHOUT_SEAT)
    if ticket not in candidates(book, draw) and ticket not in wanting(book, draw):
        raise Refused(Break.OFFER_TO_STRANGER)
    if ticket is not next_offered(book, draw) or entry.text("time") != free[0].time:
        raise Refused(Break.OFFER_OUT_OF_ORDER)
    seat = free[0]
    if entry.because != [seat.freed]:
        raise Refused(Break.CAUSE_WRONG)
    ends = datetime.fromisoformat(entry.text("ends"))
    until = _times(draw).at("standby_until")
    if ends != RuleWeek(draw.monday, draw.rules.body).offer_ends_at(entry.at):
        yield _about(entry, Break.LAPSED_EARLY)
    if entry.at >= until:
        yield _about(entry, Break.LATE)
    draw.asked.add(ticket.name)
    draw.wants.pop(ticket.name, None)
    leave_offer(book, ticket, entry)
    seat.state, seat.holder, seat.ends = SeatState.OFFERED, ticket.name, ends
    seat.freed, seat.freed_at = 0, None
    ticket.seat = (draw.name, seat.time)


def offer_refused(book: Book, entry: Entry) -> Iterator[Found]:
    _, seat, ticket = _held(book, entry)
    if seat.ends is not None and entry.at > seat.ends:
        yield _about(entry, Break.ANSWERED_LATE)
    book.undo[entry.seq] = Undo(ticket.copied(), replace(seat), entry)
    ticket.gave_up = entry.seq
    release(ticket, seat, entry)


def offer_unanswered(book: Book, entry: Entry) -> Iterator[Found]:
    draw, seat, ticket = _held(book, entry)
    if draw.monday_state is not MondayState.CLOSED and (seat.ends is None or entry.at < seat.ends):
        yield _about(entry, Break.LAPSED_EARLY)
    release(ticket, seat, entry)


def free_wanted(book: Book, entry: Entry) -> Iterator[Found]:
    """She asks for an offer if a seat becomes free. One want is one offer, and she has one."""
    draw, ticket = draw_of(book, entry), known(book, entry.text("ticket"))
    if not may_want(draw, ticket):
        raise Refused(Break.STEP_NOT_ALLOWED)
    if entry.at > _times(draw).at("standby_until"):
        yield _about(entry, Break.ANSWERED_LATE)
    draw.wanted.add(ticket.name)
    draw.wants[ticket.name] = entry


def taken_free(book: Book, entry: Entry) -> Iterator[Found]:
    draw, seat, ticket = _place(book, entry)
    if ticket.state is not TicketState.IN or ticket.district != draw.district:
        raise Refused(Break.STEP_NOT_ALLOWED)
    if book.has_seat(ticket):
        raise Refused(Break.SEAT_TWICE)
    if draw.monday_state is not MondayState.OPEN:
        raise Refused(Break.STEP_NOT_ALLOWED)
    if next_offered(book, draw) is not None:
        raise Refused(Break.FREE_BEFORE_ASKED)
    if entry.at > _times(draw).at("standby_until"):
        yield _about(entry, Break.ANSWERED_LATE)
    leave_offer(book, ticket, entry)
    _take(draw, seat, ticket)


def _take(draw: Draw, seat: Seat, ticket: Ticket) -> None:
    seat.state, seat.holder, seat.freed, seat.freed_at = SeatState.CONFIRMED, ticket.name, 0, None
    ticket.seat = (draw.name, seat.time)


def present(book: Book, entry: Entry) -> Iterator[Found]:
    draw, ticket = draw_of(book, entry), known(book, entry.text("ticket"))
    seat = book.seat_of(ticket)
    has_seat = ticket.seat is not None and ticket.seat[0] == draw.name and seat is not None
    if (
        tehran_day(entry.at) != draw.monday
        or draw.state is not DrawState.DRAWN
        or not (has_seat or ticket.name in draw.standby)
    ):
        raise Refused(Break.STEP_NOT_ALLOWED)
    draw.present.setdefault(ticket.name, entry)
    yield from ()


def _is_received(draw: Draw, entry: Entry) -> bool:
    """Whether it is that day, and the last seat has not ended.

    An arrival in the evening would be a debt to somebody who stayed at home.
    """
    return tehran_day(entry.at) == draw.monday and not has_gone_by(draw, entry)


def arrival(book: Book, entry: Entry) -> Iterator[Found]:
    draw, seat, ticket = _held(book, entry)
    if draw.monday_state not in ON or not _is_received(draw, entry):
        raise Refused(Break.STEP_NOT_ALLOWED)
    yield from not_lapsed(book, draw, seat, entry)
    note_slip(draw, seat, ticket, entry)
    seat.state = SeatState.ARRIVED
    draw.arrivals[ticket.name], draw.came_at[ticket.name] = entry.seq, entry.at


def stood_in(book: Book, entry: Entry) -> Iterator[Found]:
    draw, seat, ticket = _place(book, entry)
    if draw.monday_state not in ON or tehran_day(entry.at) != draw.monday:
        raise Refused(Break.STEP_NOT_ALLOWED)
    if book.has_seat(ticket):
        raise Refused(Break.SEAT_TWICE)
    freed_at = seat.freed_at
    if freed_at is None or entry.because != [seat.freed]:
        raise Refused(Break.CAUSE_WRONG)
    due = _times(draw).stands_in_at(seat.time, freed_at)
    if entry.at < due:
        yield _about(entry, Break.EARLY)
    if ticket is not first_present(book, draw, due, entry.at):
        raise Refused(Break.STOOD_IN_OUT_OF_ORDER)
    yield from not_offered(book, draw, seat, entry)
    leave_offer(book, ticket, entry)
    _take(draw, seat, ticket)
    seat.stood_in = True


def no_show(book: Book, entry: Entry) -> Iterator[Found]:
    draw, seat, ticket = _held(book, entry)
    if tehran_day(entry.at) != draw.monday:
        raise Refused(Break.STEP_NOT_ALLOWED)
    if entry.at < _times(draw).starts_at(seat.time) + CALLED_AFTER:
        yield _about(entry, Break.NO_SHOW_EARLY)
    if ticket.name in draw.present and not seat.stood_in:
        yield _about(entry, Break.NO_SHOW_BUT_PRESENT)
    note_slip(draw, seat, ticket, entry)
    if not seat.stood_in:
        book.taken[entry.seq] = ticket.waited
        ticket.reset()
        ticket.missed += 1
        ticket.is_proven = False
    seat.state, seat.freed, seat.freed_at = SeatState.MISSED, entry.seq, entry.at
    ticket.seat = None
    draw.present.pop(ticket.name, None)
    draw.arrivals.pop(ticket.name, None)


def came_late(book: Book, entry: Entry) -> Iterator[Found]:
    draw, seat, ticket = _held(book, entry)
    if (
        ticket.state is not TicketState.IN
        or ticket.seat is not None
        or draw.monday_state not in ON
        or not _is_received(draw, entry)
    ):
        raise Refused(Break.STEP_NOT_ALLOWED)
    missed = single_cause(book, entry, Kind.NO_SHOW)
    if missed.seq != seat.freed:
        raise Refused(Break.CAUSE_WRONG)
    if missed.seq in book.taken:
        ticket.waited += book.taken.pop(missed.seq)
        ticket.missed = max(0, ticket.missed - 1)
    seat.state, seat.freed, seat.freed_at = SeatState.ARRIVED, 0, None
    ticket.seat = (draw.name, seat.time)
    draw.arrivals[ticket.name], draw.came_at[ticket.name] = entry.seq, entry.at
    yield from ()


def met(book: Book, entry: Entry) -> Iterator[Found]:
    """Also after the Monday ended: a visitor who was in the room then is met to the end."""
    draw, seat, ticket = _held(book, entry)
    if not draw.is_held:
        raise Refused(Break.STEP_NOT_ALLOWED)
    seat.state = SeatState.MET
    draw.meetings[ticket.name] = entry
    ticket.state, ticket.seat = TicketState.GONE, None
    ticket.out, ticket.out_why = entry.seq, None
    yield from ()


def not_received(book: Book, entry: Entry) -> Iterator[Found]:
    draw, seat, ticket = _held(book, entry)
    _require_monday_cause(entry, draw, ticket)
    yield from not_lapsed(book, draw, seat, entry)
    ticket.owe()
    release(ticket, seat, entry)


def _require_monday_cause(entry: Entry, draw: Draw, ticket: Ticket) -> None:
    arrived = draw.arrivals.get(ticket.name, 0)
    expected = [draw.monday_seq]
    if draw.monday_state is MondayState.ENDED:
        if not arrived:
            raise Refused(Break.STEP_NOT_ALLOWED)
        expected = sorted([arrived, draw.monday_seq])
    elif (
        draw.monday_state not in (MondayState.CLOSED, MondayState.NOT_HELD)
        or ticket.name in draw.absent
    ):
        raise Refused(Break.STEP_NOT_ALLOWED)
    if entry.because != expected:
        raise Refused(Break.CAUSE_WRONG)


def not_called(book: Book, entry: Entry) -> Iterator[Found]:
    draw, seat, ticket = _held(book, entry)
    is_over = draw.monday_state is MondayState.ENDED and ticket.name not in draw.arrivals
    if not is_over and ticket.name not in draw.absent:
        raise Refused(Break.STEP_NOT_ALLOWED)
    if entry.because != [draw.monday_seq]:
        raise Refused(Break.CAUSE_WRONG)
    yield from not_lapsed(book, draw, seat, entry)
    if ticket.name in draw.seated and ticket.name in draw.present:
        ticket.waited += 1
    release(ticket, seat, entry)
