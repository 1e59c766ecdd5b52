"""Handlers of Monday entries: opened, closed, held, not held, ended; and meeting records."""

from collections.abc import Iterator
from datetime import date, timedelta

from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import iso
from publicmeeting.turns import formulas
from publicmeeting.turns.kinds import RecordedBy
from publicmeeting.turns.log import instant
from publicmeeting.turns.machine.breaks import Break, Found, Refused
from publicmeeting.turns.machine.entries.standby import not_given, not_offered
from publicmeeting.turns.machine.entries.tickets import known, unit
from publicmeeting.turns.machine.state import (
    Book,
    Draw,
    Entry,
    Week,
    draw_of,
    lateness,
    times_of,
    week_of,
)
from publicmeeting.turns.machine.tables import (
    HELD,
    MONDAY,
    ON,
    DrawState,
    MondayState,
    SeatState,
)
from publicmeeting.turns.machine.times import AFTER_LAST_SEAT, CALLED_AFTER, LEEWAY, Times


def log_opened(book: Book, entry: Entry) -> Iterator[Found]:
    if entry.seq != 1:
        raise Refused(Break.STEP_NOT_ALLOWED)
    if book.origin and entry.text("origin") != book.origin:
        raise Refused(Break.NOTE_MALFORMED)
    book.origin = entry.text("origin")
    yield from ()


def monday_opened(book: Book, entry: Entry) -> Iterator[Found]:
    name = entry.text("draw")
    if name in book.draws:
        raise Refused(Break.OPENED_TWICE)
    district, monday = formulas.place_of(name)
    found = book.rules_for(monday)
    if found is None:
        raise Refused(Break.RULES_LATE)
    rules, _ = found
    if rules.hash != entry.text("rules_hash"):
        raise Refused(Break.RULES_HASH_DIFFERS)
    seats, why = list(entry.body["seats"]), entry.text("why")
    if bool(seats) == bool(why):
        raise Refused(Break.STEP_NOT_ALLOWED)
    day = iso(monday)
    opens = Times(monday, rules.body).at("opens")
    if entry.at < opens:
        yield Found(Break.EARLY, entry.seq, draw=name)
    since = max(opens, book.first_rules_at or opens)
    if entry.at > since + LEEWAY and seats:
        yield Found(Break.OPENED_LATE, entry.seq, draw=name)
    if not _is_next(book, district, monday):
        yield Found(Break.NOT_OPENED, entry.seq, draw=name)
    week = book.weeks.setdefault(day, Week(monday, day))
    week.opened_at = week.opened_at or entry.at
    draw = Draw(name, district, monday, day, rules, seats, entry.seq, tuple(seats))
    if not seats:
        draw.monday_state = MondayState.CLOSED
    book.add_draw(draw)


def _is_next(book: Book, district: int, monday: date) -> bool:
    """Whether it is a district's first Monday, or the week after its last one.

    Every week has its entry, including holidays and weeks that the clock was late for.
    """
    before = [draw.monday for draw in book.draws_in.get(district, ())]
    return not before or monday == max(before) + timedelta(weeks=1)


def monday_closed(book: Book, entry: Entry) -> Iterator[Found]:
    draw = draw_of(book, entry)
    is_over = draw.state is DrawState.DRAWN and has_gone_by(draw, entry)
    if draw.monday_state not in MONDAY[entry.kind].at or is_over:
        raise Refused(Break.STEP_NOT_ALLOWED)
    draw.monday_state, draw.monday_seq = MondayState.CLOSED, entry.seq
    draw.closed_at = entry.at
    if not draw.is_frozen:
        draw.seats = []
    times = Times(draw.monday, draw.rules.body)
    draw.absent = frozenset(
        seat.holder
        for seat in draw.held.values()
        if seat.state in (SeatState.GIVEN, SeatState.CONFIRMED)
        and seat.holder not in draw.present
        and entry.at >= times.starts_at(seat.time) + CALLED_AFTER
    )
    yield from ()


def has_gone_by(draw: Draw, entry: Entry) -> bool:
    """Whether the last seat ended more than the clock's leeway ago.

    A citizen who arrives later, or whose Monday is closed later, is owed nothing.
    """
    times = Times(draw.monday, draw.rules.body)
    return bool(draw.seats) and entry.at > times.last_end(draw.seats) + LEEWAY


def is_end_missing(draw: Draw, entry: Entry) -> bool:
    """Whether a past Monday lacks its end, or a final entry for one of its seats, in the log.

    Without these entries nobody would be owed a seat, and a citizen with a seat would never be in a
    list again. A visitor in the room may be met until the end of that day.
    """
    if not (draw.monday_state in ON or any(seat.state in HELD for seat in draw.held.values())):
        return False
    if draw.drawn_at is None or not draw.seats_drawn or tehran_day(entry.at) <= draw.monday:
        return False
    ended = Times(draw.monday, draw.rules.body).last_end(draw.seats_drawn) + AFTER_LAST_SEAT
    return entry.at > max(ended, draw.drawn_at) + LEEWAY


def monday_held(book: Book, entry: Entry) -> Iterator[Found]:
    draw = draw_of(book, entry)
    if draw.monday_state not in MONDAY[entry.kind].at or tehran_day(entry.at) != draw.monday:
        raise Refused(Break.STEP_NOT_ALLOWED)
    is_deputy = entry.text("by") == "deputy"
    draw.monday_state = MondayState.HELD_BY_DEPUTY if is_deputy else MondayState.HELD
    draw.monday_seq = entry.seq
    draw.is_held, draw.held_at = True, entry.at
    yield from ()


def monday_not_held(book: Book, entry: Entry) -> Iterator[Found]:
    draw = draw_of(book, entry)
    if not _has_run(draw, entry):
        raise Refused(Break.STEP_NOT_ALLOWED)
    last = Times(draw.monday, draw.rules.body).starts_at(draw.seats[-1])
    if entry.at < last + AFTER_LAST_SEAT:
        yield Found(Break.EARLY, entry.seq, draw=draw.name)
    draw.monday_state, draw.monday_seq = MondayState.NOT_HELD, entry.seq


def monday_ended(book: Book, entry: Entry) -> Iterator[Found]:
    draw = draw_of(book, entry)
    if not _has_run(draw, entry):
        raise Refused(Break.STEP_NOT_ALLOWED)
    ends = Times(draw.monday, draw.rules.body).last_end(draw.seats) + AFTER_LAST_SEAT
    if entry.at < ends:
        yield Found(Break.EARLY, entry.seq, draw=draw.name)
    for seat in draw.held.values():
        if seat.state in (SeatState.FREE, SeatState.MISSED):
            yield from not_offered(book, draw, seat, entry)
            yield from not_given(book, draw, seat, entry)
    draw.monday_state, draw.monday_seq = MondayState.ENDED, entry.seq


def _has_run(draw: Draw, entry: Entry) -> bool:
    """Whether the Monday's draw has run: its end is written only after that, however late."""
    is_on = draw.monday_state in MONDAY[entry.kind].at
    return is_on and bool(draw.seats) and draw.state is DrawState.DRAWN


def line_closed(book: Book, entry: Entry) -> Iterator[Found]:
    week = week_of(book, entry)
    if week.line_closed:
        raise Refused(Break.STEP_NOT_ALLOWED)
    yield from lateness(entry, times_of(book, week).at("filing_closes"))
    week.line_closed = entry.seq


def skip(book: Book, entry: Entry) -> Iterator[Found]:
    """Somebody was called before an earlier citizen; no effect on any ticket."""
    draw = draw_of(book, entry)
    known(book, entry.text("ticket"))
    if draw.state is not DrawState.DRAWN:
        raise Refused(Break.STEP_NOT_ALLOWED)
    yield from ()


def audited(_book: Book, entry: Entry) -> Iterator[Found]:
    """The clock has audited the log so far; it cannot have read entries not yet written."""
    if int(entry.body["size"]) >= entry.seq:
        raise Refused(Break.STEP_NOT_ALLOWED)
    yield from ()


def books_differ(book: Book, entry: Entry) -> Iterator[Found]:
    draw_of(book, entry)
    yield from ()


def audience_off_system(book: Book, entry: Entry) -> Iterator[Found]:
    """A district's statement on a Monday; a correction names its own earlier statement."""
    draw, corrects = draw_of(book, entry), int(entry.body["corrects"])
    before = book.causes.get(corrects)
    is_right = before is not None and before.kind is entry.kind
    if corrects and not (before and is_right and before.text("draw") == draw.name):
        raise Refused(Break.CAUSE_WRONG)
    yield from ()


# The record of a meeting: who held it, from when to when, and its result.

_HOLDERS = ("mayor", "deputy")


def meeting_recorded(book: Book, entry: Entry) -> Iterator[Found]:
    """The record of a meeting: once, after her `met`, by the district's mayor or a deputy.

    It has no effect on any ticket.
    """
    draw, ticket = draw_of(book, entry), known(book, entry.text("ticket"))
    met = draw.meetings.get(ticket.name)
    if met is None:
        raise Refused(Break.STEP_NOT_ALLOWED)
    if entry.because != [met.seq] or met.text("time") != entry.text("time"):
        raise Refused(Break.CAUSE_WRONG)
    if unit(entry.text("officer")) not in {f"{holder}-{draw.district:02d}" for holder in _HOLDERS}:
        raise Refused(Break.BY_WRONG)
    del draw.meetings[ticket.name]
    if not _is_possible(draw, entry, met):
        yield Found(Break.RECORD_WRONG, entry.seq, draw.name, ticket.name)
    ended = instant(entry.text("ended"))
    draw.free_from = max(ended, draw.free_from or ended)


def _is_possible(draw: Draw, entry: Entry, met: Entry) -> bool:
    """Whether the times are plausible: within the day and in the past.

    A meeting recorded live must also begin after she arrived and the room was free, and end with
    her `met`.
    """
    began, ended = instant(entry.text("began")), instant(entry.text("ended"))
    if not (tehran_day(began) == draw.monday and began <= ended <= entry.at):
        return False
    if RecordedBy(entry.text("source")) is not RecordedBy.LIVE:
        return True
    came_at = draw.came_at.get(met.text("ticket"))
    before = (moment for moment in (came_at, draw.held_at, draw.free_from) if moment is not None)
    return ended == met.at and all(began >= moment for moment in before)
