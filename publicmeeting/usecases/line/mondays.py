"""Opening of Mondays three weeks ahead, their end, and what follows if one is not held.

The opening publishes the seats, the rules and the city's commitment.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TypeAlias

from publicmeeting.domain.calendar import is_meeting_monday, next_monday
from publicmeeting.domain.choices import ClosureReason
from publicmeeting.domain.errors import Unavailable
from publicmeeting.domain.lifecycle.absence import CALLS_BEFORE_NO_SHOW
from publicmeeting.domain.lifecycle.guards import LATE_AFTER
from publicmeeting.domain.lifecycle.telephone import is_rung
from publicmeeting.domain.mondays import MondayState
from publicmeeting.domain.records import Monday, Request
from publicmeeting.domain.stages import SEATED, Action, Stage
from publicmeeting.kit.clock import at_tehran, end_of_day, tehran_day
from publicmeeting.kit.codes import draw_value
from publicmeeting.kit.jalali import iso
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.draw_file import open_file
from publicmeeting.turns.formulas import CITY, commitment, draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import instant
from publicmeeting.turns.machine import tables
from publicmeeting.turns.pool import Rules
from publicmeeting.turns.rules.week import Week, first_monday
from publicmeeting.usecases.alone import alone, read_each
from publicmeeting.usecases.estimate import count_ranges
from publicmeeting.usecases.lifecycle.effects.costs import is_open_offer
from publicmeeting.usecases.lifecycle.effects.entries import attendance, log_ticket, note_attendance
from publicmeeting.usecases.lifecycle.effects.seat_effects import BECAUSE
from publicmeeting.usecases.lifecycle.steps import clock_may, clock_takes
from publicmeeting.usecases.lifecycle.weeks import line_closed_at, line_mark, too_late_for, week_of
from publicmeeting.usecases.pressed_again import append_once, logged_already

_WEEK = timedelta(weeks=1)
_ROOM_MOST = 10
_MOST_AHEAD = 60
"""How many weeks to search, enough for a clock that was stopped.

Rules open a Monday at most six weeks ahead.
"""


def next_opening(uow: UnitOfWork, now: datetime) -> datetime | None:
    """Return when the next Monday opens; None while no rules are announced."""
    return next((week.opens_at for week, _ in _unopened(uow, now)), None)


Sealed: TypeAlias = tuple[str, str]
"""The city's value for a Monday, and its commitment to it."""


def _new_value(_monday: date) -> Sealed:
    value = draw_value()
    return value, commitment(CITY, value)


def open_mondays(
    uow: UnitOfWork, now: datetime, sealed: Callable[[date], Sealed] = _new_value
) -> None:
    """Open every Monday whose time has come; idempotent.

    `sealed` returns the city's value and commitment. An empty value is a lost one, which the city
    will not reveal.
    """
    for week, rules in _unopened(uow, now):
        if week.opens_at > now:
            return
        _open(uow, week, rules, sealed(week.monday), now)


def _unopened(uow: UnitOfWork, now: datetime) -> Iterator[tuple[Week, Rules]]:
    """Yield the Mondays not opened yet, in order.

    A new city begins with the first line that is not frozen. After its clock was stopped, a city
    also opens the Mondays it missed, without seats, so that those weeks count for everybody.
    """
    last = uow.city.last_monday()
    monday = last + _WEEK if last else next_monday(tehran_day(now) - timedelta(days=1))
    for step in range(_MOST_AHEAD):
        day = monday + step * _WEEK
        rules = uow.city.rules_on(day)
        if rules is None:
            continue
        week = Week(day, rules.body)
        if last or now < week.freeze_at:
            yield week, rules


def _open(uow: UnitOfWork, week: Week, rules: Rules, sealed: Sealed, now: datetime) -> None:
    value, committed = sealed
    uow.city.commit_secret(week.monday, value, committed)
    why = "" if is_meeting_monday(week.monday) else ClosureReason.HOLIDAY.value
    if too_late_for(week, now):
        why = why or ClosureReason.LATE.value
    for number, texts in uow.district_texts.of_all(week.monday).items():
        seats = () if why else texts.seats
        state = MondayState.OPEN if seats else MondayState.CLOSED
        uow.city.open_monday(Monday(number, week.monday, seats, state, why=why), rules.version)
        file = open_file(number, week.monday, rules, seats, {CITY: committed})
        uow.draws.open(number, week.monday, file["draw"], file)
        body = {"draw": file["draw"], "rules_hash": rules.hash, "seats": list(seats), "why": why}
        append_once(uow, Kind.MONDAY_OPENED, body, now)
        uow.publish(f"district:{number}")
    promise: dict[str, object] = {
        "monday": iso(week.monday),
        "party": CITY,
        "commitment": committed,
        "sig": "",
    }
    uow.log.append(Kind.COMMITMENT, promise, now)
    uow.publish("draws")


AFTER_HOURS = timedelta(minutes=60)
_CLOSED_WITHIN = timedelta(hours=1)
"""How long a filing checks for a line to close; by then the clock has closed it if it runs."""


def close_line(uow: UnitOfWork, monday: date, now: datetime) -> None:
    """Close the line of a Monday: a request logged from here on is in the next line."""
    uow.witnesses.lock(monday)
    if line_closed_at(uow, monday) is None and now >= week_of(uow, monday).filing_closes_at:
        body: dict[str, object] = {"monday": iso(monday)}
        known = logged_already(uow, Kind.LINE_CLOSED, body)
        entry = known or append_once(uow, Kind.LINE_CLOSED, body, now)
        uow.clockwork.mark_done(line_mark(monday), instant(entry.at) if known else now)
        uow.publish("draws")


def close_line_before(uow: UnitOfWork, now: datetime) -> None:
    """Close in the log a line whose time has just ended, for a filing that precedes the clock.

    By the tables the new request is in the next line, and so it must be by the log. While the log
    cannot be read, nobody knows by which rules.
    """
    try:
        uow.line_book.await_first_reading()
    except Unavailable:
        return
    rules = uow.city.rules_on(tehran_day(now))
    if rules is None:
        return
    monday = first_monday(now, rules.body) - _WEEK
    if now >= Week(monday, rules.body).filing_closes_at + _CLOSED_WITHIN:
        return
    # Later filings of this hour need not wait for each other
    if line_closed_at(uow, monday) is not None:
        return
    if any(pending.monday == monday for pending in uow.draws.pending()):
        close_line(uow, monday, now)


def has_line_closed_since(uow: UnitOfWork, now: datetime, logged_at: datetime) -> bool:
    """Return whether a line closed between a press and its log entry."""
    rules = uow.city.rules_on(tehran_day(now)) if logged_at > now else None
    return rules is not None and (
        first_monday(now, rules.body) != first_monday(logged_at, rules.body)
    )


def cancel_monday(
    uow: UnitOfWork,
    district: int,
    monday: date,
    now: datetime,
    *,
    because: int,
    why: str = "",
    absent: Collection[str] = (),
) -> int:
    """Take back every seat of a Monday that will not be held; the city owes each holder one.

    The clock calls it, and a closure after the freeze, which gives its reason (`why`). `because` is
    the log entry of the closure. A citizen already in the room stays there. An offer that nobody
    has accepted ends, and nothing is owed for it. Nothing is owed to `absent` requests either,
    whose holders had not come by ten minutes after their time: their weeks stay. Returns how many
    seats were taken back.
    """
    over = {"monday": monday.isoformat(), BECAUSE: because}
    for request in read_each(uow, absent):
        with alone(uow, f"the absence of {request.id}"):
            clock_takes(uow, request, Action.NOT_CALLED, now, over)
    for request in holders_of(uow, district, monday):
        if is_open_offer(request):
            with alone(uow, f"the offer to {request.id}"):
                clock_takes(uow, request, Action.LAPSE_SEAT, now)
    payload = {"monday": monday.isoformat(), BECAUSE: because, **({"why": why} if why else {})}
    return _end(uow, district, monday, now, Action.CANCEL_MONDAY, payload)


def absent_from(uow: UnitOfWork, day: Monday, now: datetime) -> tuple[str, ...]:
    """Return requests with a seat whose time is ten minutes over and whose holder has not come.

    Holders in the hall or at reception have come. A holder who waits for a telephone call that
    nobody has made twice counts as having come.
    """
    return tuple(request.id for request in _not_here(uow, day, now) if not _is_unrung(request))


def note_unrung(uow: UnitOfWork, day: Monday, now: datetime) -> None:
    """Log a citizen beside her telephone as present if nobody has rung her twice since her time.

    The city has not tried to reach her.
    """
    for request in _not_here(uow, day, now):
        if _is_unrung(request):
            draw = draw_id(day.district, day.on)
            log_ticket(uow, request, Kind.PRESENT, now, draw=draw, by="reception")
            note_attendance(uow, day.district, day.on, request.ticket, now)


def _not_here(uow: UnitOfWork, day: Monday, now: datetime) -> list[Request]:
    came = attendance(uow, day.district, day.on)
    return [
        request
        for request in holders_of(uow, day.district, day.on)
        if request.stage in SEATED
        and request.ticket not in came
        and not is_open_offer(request)
        and request.seat is not None
        and now >= at_tehran(day.on, request.seat.time) + LATE_AFTER
    ]


def _is_unrung(request: Request) -> bool:
    assert request.seat is not None
    starts = at_tehran(request.seat.monday, request.seat.time)
    rings = sum(event.action is Action.RING and event.at >= starts for event in request.history)
    return is_rung(request) and rings < CALLS_BEFORE_NO_SHOW


def held_by(day: Monday) -> datetime:
    """Return when a Monday without a call into the room counts as not held.

    It is an hour after the last seat began, and so before the day is over.
    """
    return at_tehran(day.on, day.seats[-1]) + AFTER_HOURS


def check_held(uow: UnitOfWork, district: int, monday: date, now: datetime) -> None:
    """Record that a Monday was not held because nobody was called in.

    If nobody holds a seat, nobody is at fault: the state becomes `no_visitors`, and nothing is
    logged.
    """
    uow.witnesses.lock(monday)  # the mayor may call somebody in concurrently
    day = uow.city.monday(district, monday)
    if day is None or day.state is not MondayState.OPEN or not day.seats or now < held_by(day):
        return
    if not uow.seats.held(district, monday):
        uow.city.set_monday(district, monday, state=MondayState.NO_VISITORS)
        return
    uow.requests.hold(ids=uow.seats.held(district, monday).values())
    uow.city.set_monday(district, monday, state=MondayState.NOT_HELD)
    entry = uow.log.append(Kind.MONDAY_NOT_HELD, {"draw": draw_id(district, monday)}, now)
    cancel_monday(uow, district, monday, now, because=entry.seq)


def day_over_at(uow: UnitOfWork, day: Monday) -> datetime:
    """Return when visitors who were not met go back into the line."""
    return week_of(uow, day.on).closes_at(day.seats) + AFTER_HOURS


def end_day(uow: UnitOfWork, district: int, monday: date, now: datetime) -> None:
    """End the day after the meeting hours, and log it; citizens who were not met wait again.

    A citizen who has arrived is owed a seat, because the city's omission must not cost her. A
    citizen who never came to reception keeps her weeks and gains nothing. Only reception records a
    no-show, because that costs all her weeks. A citizen beside a telephone that nobody rang twice
    counts as present and gains one week.
    """
    uow.witnesses.lock(monday)
    day = uow.city.monday(district, monday)
    if day is None or day.has_ended or not day.seats or now < day_over_at(uow, day):
        return
    uow.requests.hold(ids=uow.seats.held(district, monday).values())
    uow.city.set_monday(district, monday, ended_at=now, ranges=count_ranges(uow, day))
    if (
        day.state is MondayState.NOT_HELD
    ):  # already logged; a late arrival since then is owed a seat too
        by_log, not_held = uow.line_book.ended_by(draw_id(district, monday))
        assert by_log is tables.MondayState.NOT_HELD, "not held, but not by the log"
        cancel_monday(uow, district, monday, now, because=not_held)
        return
    if day.state is MondayState.CLOSED:
        return  # its end is in the log already, and nobody holds a seat
    if tehran_day(now) == monday:  # after a stop until the next day the clock records no presence
        note_unrung(uow, day, now)
    entry = uow.log.append(Kind.MONDAY_ENDED, {"draw": draw_id(district, monday)}, now)
    payload: dict[str, object] = {"monday": monday.isoformat(), BECAUSE: entry.seq}
    for action in (Action.DAY_OVER, Action.NOT_CALLED):
        _end(uow, district, monday, now, action, payload)


LEFT_EVERY = timedelta(hours=1)
_OFF = (tables.MondayState.CLOSED, tables.MondayState.NOT_HELD)
_SENT_OUT_BY = {
    tables.MondayState.CLOSED: Action.CANCEL_MONDAY,
    tables.MondayState.ENDED: Action.DAY_OVER,
}


def leftover_checks_due(uow: UnitOfWork, today: date) -> Iterator[tuple[datetime, int, date]]:
    """Yield when and where seats of past Mondays are checked again.

    Their holder's row was unreadable or faulty when the Monday ended. The check runs after
    midnight, then hourly.
    """
    for monday, district in uow.seats.left(today):
        tried_at = uow.clockwork.done_at(_leftover_mark(district, monday))
        yield tried_at + LEFT_EVERY if tried_at else end_of_day(monday), district, monday


def end_leftover_seats(uow: UnitOfWork, district: int, monday: date, now: datetime) -> None:
    """Apply to remaining seats what the Monday's end, or its calling off, did to all others."""
    uow.witnesses.lock(monday)
    uow.clockwork.mark_done(_leftover_mark(district, monday), now)
    day, draw = uow.city.monday(district, monday), draw_id(district, monday)
    if day is None:
        return
    uow.requests.hold(ids=uow.seats.held(district, monday).values())
    by_log, because = uow.line_book.ended_by(draw)
    if by_log in _OFF:
        at = instant(uow.log.entry(because).at)
        absent = absent_from(uow, day, at) if by_log is tables.MondayState.CLOSED else ()
        cancel_monday(uow, district, monday, now, because=because, why=day.why or "", absent=absent)
    elif by_log is tables.MondayState.ENDED:
        payload: dict[str, object] = {"monday": monday.isoformat(), BECAUSE: because}
        for action in (Action.DAY_OVER, Action.NOT_CALLED):
            _end(uow, district, monday, now, action, payload)


def _leftover_mark(district: int, monday: date) -> str:
    return f"left/{monday}/{district:02d}"


def ids_in_room(uow: UnitOfWork, district: int) -> list[str]:
    """Return the ids of the requests that `empty_room` checks."""
    inside = Filter(districts=frozenset({district}), stages=(Stage.IN_ROOM,))
    return list(uow.lists.ids(inside)[:_ROOM_MOST])


def empty_room(uow: UnitOfWork, district: int, now: datetime) -> None:
    """End forgotten meetings before the district's next list.

    A visitor still in the room of a past Monday was met if an order was written there. Otherwise
    she is owed a seat, unless she confirms that she was met (`NOTE_PAPER`). A forgotten press would
    keep her out of that list.
    """
    for request_id in ids_in_room(uow, district):
        with alone(uow, f"the forgotten end of a meeting ({request_id})"):
            _end_forgotten(uow, uow.clock_requests.by_id(request_id), now)


def _end_forgotten(uow: UnitOfWork, request: Request, now: datetime) -> None:
    if request.outcome_recorded and clock_may(request, Action.FINISH, now):
        clock_takes(uow, request, Action.FINISH, now)
    elif clock_may(request, Action.DAY_OVER, now):
        _send_out(uow, request, now)


def _send_out(uow: UnitOfWork, request: Request, now: datetime) -> None:
    assert request.seat is not None
    monday = request.seat.monday
    by_log, over = uow.line_book.ended_by(draw_id(request.district, monday))
    action = _SENT_OUT_BY.get(by_log)
    if action is not None:
        clock_takes(uow, request, action, now, {"monday": monday.isoformat(), BECAUSE: over})


def holders_of(uow: UnitOfWork, district: int, monday: date) -> list[Request]:
    """Return the readable requests that hold a seat of this Monday, by time."""
    held = uow.seats.held(district, monday)
    return read_each(uow, [held[time] for time in sorted(held)])


def _end(
    uow: UnitOfWork,
    district: int,
    monday: date,
    now: datetime,
    action: Action,
    payload: Mapping[str, object],
) -> int:
    """End each seat in its own savepoint and return how many ended.

    A request that fails keeps its seat and stops no other.
    """
    ended = 0
    for request in holders_of(uow, district, monday):
        with alone(uow, f"the seat of {request.id}"):
            if clock_may(request, action, now):
                clock_takes(uow, request, action, now, payload)
                ended += 1
    return ended
