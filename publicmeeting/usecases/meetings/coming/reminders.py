"""Reminders to holders of certain seats, on the evening before, or the morning after an outage.

A seat is certain if she has confirmed it or need not. A visitor whose time has passed gets none.
"""

from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import next_monday
from publicmeeting.domain.records import Event, Request
from publicmeeting.domain.stages import EXPECTED, SEATED, Action
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.alone import alone
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
