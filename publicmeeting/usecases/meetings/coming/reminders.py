"""The evening before, or the morning after a night in which the machine was off: a notice to
everybody whose seat is confirmed, or needs no answer, and whose time has not come yet."""

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
    """The key of the permanent mark that those of the coming Monday were reminded."""
    return _job(_coming(now))


def _coming(now: datetime) -> date:
    """Today, if it is a Monday of meetings."""
    return next_monday(tehran_day(now) - timedelta(days=1))


def next_reminder(uow: UnitOfWork, now: datetime) -> tuple[datetime, date] | None:
    """When those of the coming Monday are reminded: at the end of the standby, when all seats
    have found their holders."""
    monday = _coming(now)
    if uow.city.rules_on(monday) is None or uow.clockwork.done_at(_job(monday)) is not None:
        return None
    return week_of(uow, monday).standby_until, monday


def remind(uow: UnitOfWork, monday: date, now: datetime) -> None:
    """One outbox row for each seat that is certain, keyed by the event that made it so: she
    confirmed it, or the city was late or away and left it hers until the day is over. A case that
    cannot be opened any more is logged, and keeps nobody else's back: they are the whole city's."""
    seated = Filter(stages=tuple(SEATED), monday=monday)
    for request_id in uow.lists.ids(seated):
        with alone(uow, f"the reminder of {request_id}"):
            request = uow.clock_requests.by_id(request_id)
            begins = request.seat and at_tehran(monday, request.seat.time)
            event = _made_hers(request, monday)
            if event is not None and begins and now < begins:
                uow.outbox.remind(request, event.id, now)
    uow.clockwork.mark_done(_job(monday), now)


def _made_hers(request: Request, monday: date) -> Event | None:
    """By which event her seat is certain; None where she still has to answer for it."""
    if request.stage in EXPECTED:
        return request.last(Action.CONFIRM, Action.TAKE_FREE)
    has_to_answer = request.due_at is None or request.due_at < at_tehran(monday, "00:00")
    return None if has_to_answer else request.last(Action.KEEP_SEAT, Action.SEAT)
