"""Handlers of ticket entries: filing, going out, coming in, lanes, contests, Mondays left out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from publicmeeting.turns.kinds import Kind, TakenIn, TakenOut
from publicmeeting.turns.machine.breaks import Break, Found, Refused
from publicmeeting.turns.machine.entries.undoing import (
    LET_GO,
    is_undoable,
    undo_leaving,
    undo_letting_go,
)
from publicmeeting.turns.machine.state import Book, Entry, Seat, Ticket, Undo
from publicmeeting.turns.machine.tables import (
    ANSWERS,
    ENDS,
    TAKEN_IN,
    TAKEN_OUT,
    TICKET,
    SeatState,
    TicketState,
    Writer,
)
from publicmeeting.turns.machine.times import (
    CONTESTED_WITHIN,
    LEEWAY,
    RECLAIMED_WITHIN,
    SILENT_FOR,
    Times,
)

YES = "yes"
CONTESTABLE = (Kind.NO_SHOW, Kind.SEAT_GIVEN_UP)
"""What a citizen may contest, if it took weeks from her."""
_VERIFIED = "verified"
_JUDGES = 2
_NOT_ARRIVED = frozenset({SeatState.GIVEN, SeatState.CONFIRMED, SeatState.OFFERED})


def known(book: Book, name: str) -> Ticket:
    """Return a ticket that was filed; refused with `never_filed` otherwise."""
    ticket = book.tickets.get(name)
    if ticket is None:
        raise Refused(Break.NEVER_FILED)
    return ticket


def cause(book: Book, seq: int, *kinds: Kind) -> Entry:
    """Return the entry named as a cause; refused if it is of another kind."""
    found = book.causes.get(seq)
    if found is None or found.kind not in kinds:
        raise Refused(Break.CAUSE_WRONG)
    return found


def single_cause(book: Book, entry: Entry, *kinds: Kind) -> Entry:
    if len(entry.because) != 1:
        raise Refused(Break.CAUSE_WRONG)
    return cause(book, entry.because[0], *kinds)


def unit(officer: str) -> str:
    """Return the unit in an officer's name in the log."""
    return officer.partition("/")[0]


def _require_step(ticket: Ticket, kind: Kind) -> None:
    if ticket.state not in TICKET[kind].at:
        raise Refused(Break.STEP_NOT_ALLOWED)


def filed(book: Book, entry: Entry) -> Iterator[Found]:
    name = entry.text("ticket")
    if name in book.tickets:
        raise Refused(Break.FILED_TWICE)
    book.add_ticket(
        Ticket(
            name,
            int(entry.body["district"]),
            filed=entry.seq,
            line=entry.seq,
            prefers=entry.text("prefers"),
            came_in=entry.seq,
            is_verified=entry.text("level") == _VERIFIED,
        )
    )
    yield from ()


def redirected(book: Book, entry: Entry) -> Iterator[Found]:
    old, new = known(book, entry.text("old")), entry.text("new")
    if new in book.tickets:
        raise Refused(Break.FILED_TWICE)
    if single_cause(book, entry, Kind.FILED).seq != old.filed:
        raise Refused(Break.CAUSE_WRONG)
    if (
        old.state is not TicketState.IN
        or old.seat is not None
        or old.district == int(entry.body["district"])
        or book.is_waiting_for_draw(old.name)
    ):
        raise Refused(Break.STEP_NOT_ALLOWED)
    if book.is_between_line_and_list(old):
        raise Refused(Break.TAKEN_OUT_LATE)
    book.add_ticket(
        replace(
            old.copied(),
            name=new,
            names=(*old.names, old.name),
            district=int(entry.body["district"]),
            came_in=entry.seq,
        )
    )
    old.state, old.out, old.out_why = TicketState.GONE, entry.seq, None
    yield from ()


def taken_out(book: Book, entry: Entry) -> Iterator[Found]:
    ticket, why = known(book, entry.text("ticket")), TakenOut(entry.text("why"))
    step = TAKEN_OUT[why]
    if (step.by is Writer.OFFICER) != bool(entry.body["officer"]):
        raise Refused(Break.BY_WRONG)
    if ticket.state not in step.at or (why in ENDS and ticket.out_why not in ENDS[why]):
        raise Refused(Break.STEP_NOT_ALLOWED)
    seat = book.seat_of(ticket)
    if why is TakenOut.DISPLACED:
        _require_displaceable(book, ticket, entry)
    if step.by is Writer.OFFICER and (
        seat is not None
        or book.is_waiting_for_draw(ticket.name)
        or any(week.line_closed > ticket.came_in for week in book.weeks.values())
    ):
        raise Refused(Break.TAKEN_OUT_LATE)
    if seat is not None and seat.state not in _NOT_ARRIVED:
        raise Refused(Break.STEP_NOT_ALLOWED)
    if why in ENDS and entry.at - book.causes[ticket.out].at < SILENT_FOR:
        yield Found(Break.EARLY, entry.seq, ticket=ticket.name)
    if why in ANSWERS[TakenIn.UNDONE]:
        book.undo[entry.seq] = Undo(ticket.copied(), replace(seat) if seat else None, entry)
    ticket.state, ticket.out, ticket.out_why = TicketState(str(step.to)), entry.seq, why
    if seat is not None:
        release(ticket, seat, entry)


def _require_displaceable(book: Book, ticket: Ticket, entry: Entry) -> None:
    """A verified ticket cannot be displaced, and its holder needs time to object first."""
    if ticket.is_verified:
        raise Refused(Break.STEP_NOT_ALLOWED)
    if is_displacing_late(book, ticket, entry.at):
        raise Refused(Break.TAKEN_OUT_LATE)


def is_displacing_late(book: Book, ticket: Ticket, at: datetime) -> bool:
    """Whether it is too late to displace: from the close of her line until its draw.

    With a seat or an offer, it is too late from the end of that Monday's offers.
    """
    if book.is_waiting_for_draw(ticket.name) or book.is_between_line_and_list(ticket):
        return True
    draw = book.draws[ticket.seat[0]] if ticket.seat is not None else None
    return draw is not None and at >= Times(draw.monday, draw.rules.body).at("standby_until")


def release(ticket: Ticket, seat: Seat, entry: Entry) -> None:
    """Free her seat at once; this entry is what freed it."""
    if seat.stood_in and ticket.seat is not None:
        ticket.left_hall, _ = ticket.seat
    seat.state, seat.holder, seat.freed, seat.freed_at = SeatState.FREE, "", entry.seq, entry.at
    seat.ends, seat.stood_in = None, False
    ticket.seat = None


def leave_offer(book: Book, ticket: Ticket, entry: Entry) -> None:
    """A citizen who gets a seat leaves an open offer that nobody ended in time."""
    seat = book.seat_of(ticket)
    if seat is not None and seat.state is SeatState.OFFERED:
        release(ticket, seat, entry)


def taken_in(book: Book, entry: Entry) -> Iterator[Found]:
    ticket, why = known(book, entry.text("ticket")), TakenIn(entry.text("why"))
    act = single_cause(book, entry, Kind.TAKEN_OUT, *LET_GO)
    was_hers = ticket.is_named(act.text("ticket")) and act.kind in LET_GO
    if act.text("ticket") != ticket.name and not was_hers:
        raise Refused(Break.CAUSE_WRONG)
    if act.kind in LET_GO:
        if why is not TakenIn.UNDONE:
            raise Refused(Break.CAUSE_WRONG)
        undo_letting_go(book, ticket, act)
        return
    if TakenOut(act.text("why")) not in ANSWERS[why] or act.seq != ticket.out:
        raise Refused(Break.CAUSE_WRONG)
    if ticket.state not in TAKEN_IN[why].at:
        raise Refused(Break.STEP_NOT_ALLOWED)
    if why is TakenIn.UNDONE:
        is_reclaimed = ticket.out_why is TakenOut.DISPLACED
        if not (_is_reclaimable if is_reclaimed else is_undoable)(book, ticket, act):
            raise Refused(Break.STEP_NOT_ALLOWED)
        missed = lists_missed(book, ticket, entry.seq) if is_reclaimed else 0
        undo_leaving(book, act.seq).waited += missed
        return
    if why is TakenIn.OBJECTED and lists_missed(book, ticket, entry.seq):
        ticket.waited += 1
    ticket.state, ticket.came_in = TicketState.IN, entry.seq
    ticket.out, ticket.out_why = 0, None
    yield from ()


def _is_reclaimable(book: Book, ticket: Ticket, act: Entry) -> bool:
    """Whether a displaced citizen has since proved that the identity is hers, in time."""
    return ticket.is_verified and book.at is not None and book.at - act.at <= RECLAIMED_WITHIN


def lists_missed(book: Book, ticket: Ticket, now: int) -> int:
    """Count the lists she missed because of a refusal or a displacement."""
    return sum(
        draw.district == ticket.district
        and draw.first_pool is not None
        and ticket.out < draw.first_pool.seq < now
        and ticket.line < book.weeks[draw.day].line_closed
        and draw.day not in ticket.excluded
        for draw in book.draws.values()
    )


def monday_chosen(book: Book, entry: Entry) -> Iterator[Found]:
    """A Monday is left out of her line, or taken back into it."""
    ticket, day = known(book, entry.text("ticket")), entry.text("monday")
    _require_step(ticket, entry.kind)
    if any(draw.is_frozen and draw.district == ticket.district for draw in book.draws_of(day)) or (
        entry.kind is Kind.MONDAY_INCLUDED and day not in ticket.excluded
    ):
        raise Refused(Break.STEP_NOT_ALLOWED)
    if entry.kind is Kind.MONDAY_EXCLUDED:
        ticket.excluded[day] = entry.seq
    else:
        del ticket.excluded[day]
    yield from ()


def verified(book: Book, entry: Entry) -> Iterator[Found]:
    ticket = known(book, entry.text("ticket"))
    _require_step(ticket, entry.kind)
    if ticket.state is TicketState.GONE and ticket.out_why is not TakenOut.DISPLACED:
        raise Refused(Break.STEP_NOT_ALLOWED)
    ticket.is_proven = ticket.is_verified = True
    yield from ()


def lane_asked(book: Book, entry: Entry) -> Iterator[Found]:
    case = entry.text("case")
    if case in book.cases:
        raise Refused(Break.STEP_NOT_ALLOWED)
    book.cases[case] = entry.text("lane")
    yield from ()


def lane_judged(book: Book, entry: Entry) -> Iterator[Found]:
    case = entry.text("case")
    if case not in book.cases:
        raise Refused(Break.STEP_NOT_ALLOWED)
    if book.cases[case]:
        book.answers.setdefault(case, []).append(entry)
    yield from ()


def is_lane_missing(book: Book, at: datetime) -> bool:
    """Whether two officers of two units granted a lane, unopposed, and its entry is overdue."""
    for answers in book.answers.values():
        yes = [
            answer
            for answer in answers
            if answer.text("verdict") == YES and answer.at + LEEWAY < at
        ]
        units = {unit(entry.text("officer")) for entry in yes}
        if len(units) >= _JUDGES and all(answer.text("verdict") == YES for answer in answers):
            return True
    return False


def lane_granted(book: Book, entry: Entry) -> Iterator[Found]:
    ticket = known(book, entry.text("ticket"))
    _require_step(ticket, entry.kind)
    yes = [cause(book, seq, Kind.LANE_JUDGED) for seq in entry.because]
    case = yes[0].text("case")
    if (
        len(yes) != _JUDGES
        or any(answer.text("case") != case or answer.text("verdict") != YES for answer in yes)
        or book.cases[case] != entry.text("lane")
    ):
        raise Refused(Break.CAUSE_WRONG)
    if len({unit(answer.text("officer")) for answer in yes}) != _JUDGES:
        raise Refused(Break.SAME_UNIT)
    book.cases[case] = ""  # a case gives one lane, however often it is judged
    book.answers.pop(case, None)
    ticket.lane = entry.text("lane")
    yield from ()


def contested(book: Book, entry: Entry) -> Iterator[Found]:
    ticket = known(book, entry.text("ticket"))
    _require_step(ticket, entry.kind)
    missed = single_cause(book, entry, *CONTESTABLE)
    if not ticket.is_named(missed.text("ticket")) or missed.seq not in book.taken:
        raise Refused(Break.CAUSE_WRONG)
    if entry.at - missed.at > CONTESTED_WITHIN:
        yield Found(Break.ANSWERED_LATE, entry.seq, ticket=ticket.name)


def contest_judged(book: Book, entry: Entry) -> Iterator[Found]:
    ticket = known(book, entry.text("ticket"))
    asked = single_cause(book, entry, Kind.CONTESTED)
    if not ticket.is_named(asked.text("ticket")):
        raise Refused(Break.CAUSE_WRONG)
    if entry.text("verdict") == YES and ticket.state is TicketState.IN:
        book.judged.setdefault(asked.seq, []).append(entry)
    yield from ()


def owed_weeks(book: Book, district: int, at: datetime) -> Iterator[Ticket]:
    """Yield the tickets whose weeks two officers of two units gave back, without an entry.

    Only answers older than ten minutes count, made while the ticket was in the line.
    """
    for asked, yes in book.judged.items():
        ticket, missed = book.tickets[yes[0].text("ticket")], book.causes[asked].because[0]
        officers = [entry.text("officer") for entry in yes if entry.at + LEEWAY < at]
        author = _author(book.causes[missed])
        units = {unit(officer) for officer in officers if officer != author}
        is_hers = ticket.state is TicketState.IN and ticket.district == district
        if is_hers and missed in book.taken and len(units) >= _JUDGES:
            yield ticket


def _author(missed: Entry) -> str:
    """Return the officer who wrote a no-show; a seat is given up in the citizen's own name."""
    return missed.text("officer") if missed.kind is Kind.NO_SHOW else ""


def weeks_back(book: Book, entry: Entry) -> Iterator[Found]:
    ticket = known(book, entry.text("ticket"))
    _require_step(ticket, entry.kind)
    if len(entry.because) != 1 + _JUDGES:
        raise Refused(Break.CAUSE_WRONG)
    asked = cause(book, entry.because[0], Kind.CONTESTED)
    judged = [cause(book, seq, Kind.CONTEST_JUDGED) for seq in entry.because[1:]]
    missed = asked.because[0]
    if (
        not ticket.is_named(asked.text("ticket"))
        or any(answer.because != [asked.seq] or answer.text("verdict") != YES for answer in judged)
        or missed not in book.taken
    ):
        raise Refused(Break.CAUSE_WRONG)
    if len({unit(answer.text("officer")) for answer in judged}) != _JUDGES:
        raise Refused(Break.SAME_UNIT)
    if any(answer.text("officer") == _author(book.causes[missed]) for answer in judged):
        raise Refused(Break.BY_WRONG)
    weeks = book.taken.pop(missed)
    ticket.waited += weeks
    book.judged.pop(asked.seq, None)
    if book.causes[missed].kind is Kind.NO_SHOW:
        ticket.missed = max(0, ticket.missed - 1)
    elif missed in book.undo:  # undoing it later does not give the same weeks again
        book.undo[missed].ticket.waited -= weeks
    if entry.body["waited"] != ticket.waited:
        yield Found(Break.WEEKS_BACK_WRONG, entry.seq, ticket=ticket.name)
