"""Messages about a Monday: the reminder before it, and the delay while it runs late.

The reminder goes to holders of certain seats, on the evening before, or the morning after an
outage. A seat is certain if she has confirmed it or need not. A visitor whose time has passed gets
none.

A message about the delay is sent for each further twenty minutes. Her own delay counts, not the
day's: the next visitor gets a message about twenty minutes when the fifth will wait forty. The
outbox has what was sent, so a repeated job sends nothing again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import is_meeting_monday, next_monday
from publicmeeting.domain.records import Event, Monday, Request
from publicmeeting.domain.stages import EXPECTED, SEATED, Action
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.lifecycle.delays import Delay
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.alone import alone
from publicmeeting.usecases.estimate import DayLine, Waiting, day_line
from publicmeeting.usecases.lifecycle.weeks import week_of


def _job(monday: date) -> str:
    return f"remind/{monday}"


def mark_of_next(now: datetime) -> str:
    """Return the key of the permanent mark that the coming Monday's reminders were sent."""
    return _job(_coming(now))


def _coming(now: datetime) -> date:
    """Return today if it is a Monday of meetings, else the next one."""
    return next_monday(tehran_day(now) - timedelta(days=1))


def next_reminder(uow: UnitOfWork, now: datetime) -> tuple[datetime, date] | None:
    """Return when and for which Monday reminders are due; None without rules or after sending.

    They are due at the end of standby, when all seats have found their holders.
    """
    monday = _coming(now)
    if uow.city.rules_on(monday) is None or uow.clockwork.done_at(_job(monday)) is not None:
        return None
    return week_of(uow, monday).standby_until, monday


def remind(uow: UnitOfWork, monday: date, now: datetime) -> None:
    """Add an outbox row for each certain seat, keyed by the event that made it certain.

    That event is her confirmation, or the step by which a late or absent city left the seat hers. A
    case that cannot be opened is logged and does not hold up the reminders of the whole city.
    """
    seated = Filter(stages=tuple(SEATED), monday=monday)
    for request_id in uow.lists.ids(seated):
        with alone(uow, f"the reminder of {request_id}"):
            request = uow.clock_requests.by_id(request_id)
            begins = request.seat and at_tehran(monday, request.seat.time)
            event = _confirming_event(request, monday)
            if event is not None and begins and now < begins:
                uow.outbox.remind(request, event.id, now)
    uow.clockwork.mark_done(_job(monday), now)


def _confirming_event(request: Request, monday: date) -> Event | None:
    """Return the event that made her seat certain; None if she still has to answer."""
    if request.stage in EXPECTED:
        return request.last(Action.CONFIRM, Action.TAKE_FREE)
    has_to_answer = request.due_at is None or request.due_at < at_tehran(monday, "00:00")
    return None if has_to_answer else request.last(Action.KEEP_SEAT, Action.SEAT)


STEP = timedelta(minutes=20)
_SEATED_BY = (Action.CONFIRM, Action.TAKE_FREE, Action.STAND_IN, Action.ARRIVE, Action.COME_LATE)


@dataclass(frozen=True, slots=True)
class _Late:
    one: Waiting
    at: datetime
    """When her delay reaches the next step, if nothing happens until then."""


def days_on(uow: UnitOfWork, now: datetime) -> list[Monday]:
    """Return today's Mondays, by district; empty if nobody was drawn for today."""
    today = tehran_day(now)
    is_on = is_meeting_monday(today) and uow.draws.may_be_drawn(today)
    return uow.city.mondays(on=today) if is_on else []


def lateness_due(uow: UnitOfWork, day: Monday, now: datetime) -> datetime | None:
    """Return when the next visitor of today's Monday is due for a message."""
    line = day_line(uow, day, now)
    return min((late.at for late in _late(uow, line, now)), default=None) if line else None


def warn_late(uow: UnitOfWork, district: int, monday: date, now: datetime) -> None:
    """Write to everybody whose delay has reached the next step, with her new range."""
    day = uow.city.monday(district, monday)
    line = day_line(uow, day, now) if day else None
    for late in _late(uow, line, now) if line else ():
        if late.at > now:
            continue
        assert line is not None
        entry = line.entry(late.one)
        minutes = round((entry.likely - entry.own_time) / timedelta(minutes=1))
        with alone(uow, f"the lateness of {late.one.request_id}"):
            request = uow.clock_requests.by_id(late.one.request_id)
            seated = request.last(*_SEATED_BY) or request.history[-1]
            delay = Delay(entry.earliest, entry.latest, minutes)
            uow.outbox.warn_late(request, seated.id, delay, now)


def _late(uow: UnitOfWork, line: DayLine, now: datetime) -> Iterator[_Late]:
    ids = [visitor.request_id for visitor in line.waiting]
    since = at_tehran(tehran_day(now))
    warned = uow.outbox.warned_of(ids, since) if ids else {}
    for waiting in line.waiting:
        most = STEP + timedelta(minutes=warned.get(waiting.request_id, 0))
        entry = line.entry(waiting)
        if entry.likely - waiting.own_time >= most:
            yield _Late(waiting, now)
        else:
            yield _Late(waiting, line.late_from(waiting, most))
