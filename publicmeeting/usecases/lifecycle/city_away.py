"""When the city was away, so that nobody pays for hours in which nothing could be answered.

Once a minute the clock writes down that it is there. A longer silence is kept as an absence. Where
she could not answer at the end of a deadline, her silence is no answer (docs/turns.md 2).
"""

from datetime import datetime, timedelta

from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.records import Order, Request
from publicmeeting.domain.roles import CLOCK
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.lifecycle.clock_steps import clock_takes
from publicmeeting.usecases.lifecycle.costs import is_open_offer
from publicmeeting.usecases.lifecycle.weeks import UNTIL_THE_DAY_IS_OVER, week_of

AWAY_FROM = timedelta(hours=1)
"""A shorter absence costs nobody anything."""
TIME_TO_ANSWER = timedelta(hours=1)
"""Before the end of a deadline: whoever has that much, with the city there, could answer."""
KEPT = timedelta(days=60)
"""Longer than any deadline that an absence moves."""

_HERE, _AWAY = "city-is-here", "city-was-away/"


def note_here(uow: UnitOfWork, now: datetime) -> None:
    """The city is there now; since it last was, it was away, where that is long."""
    uow.advisory_lock(_HERE)
    last = uow.clockwork.done_at(_HERE)
    if last is not None and now <= last:
        return
    if last is not None and now - last > AWAY_FROM:
        uow.clockwork.mark_done(f"{_AWAY}{last.isoformat()}", now)
        uow.clockwork.forget_days(_AWAY, tehran_day(now - KEPT))
    uow.clockwork.mark_done(_HERE, now)


def away_at(uow: UnitOfWork, at: datetime) -> tuple[datetime, datetime] | None:
    """The absence in which an instant lies: since when, and when the city was there again."""
    for name, until in uow.clockwork.marks(_AWAY).items():
        since = datetime.fromisoformat(name.removeprefix(_AWAY))
        if since <= at < until:
            return since, until
    return None


def is_kept_open(uow: UnitOfWork, request: Request, now: datetime) -> bool:
    """Whether her silence is no answer, since the city was away; then she has been notified.

    A seat stays hers until its day is over: she confirms it no more, comes, or gives it up. Any
    other deadline is as long as it still was when the city went away. An offer ends as ever: it
    costs her nothing, and others wait for it.
    """
    ends_at = _later(uow, request.due_at)
    if ends_at is None or is_open_offer(request):
        return False
    if request.seat is None:
        clock_takes(uow, request, Action.WAIT_LONGER, now, ends_at=ends_at)
        return True
    monday = request.seat.monday
    ends_at = week_of(uow, monday).standby_until + UNTIL_THE_DAY_IS_OVER
    if request.due_at is None or request.due_at >= ends_at:
        return False
    payload = {"monday": monday.isoformat(), "time": request.seat.time}
    clock_takes(uow, request, Action.KEEP_SEAT, now, payload, ends_at=ends_at)
    return True


def is_order_kept_open(uow: UnitOfWork, order: Order, now: datetime) -> bool:
    """The same of a report that she has not answered."""
    ends_at = _later(uow, order.due_at)
    if ends_at is None:
        return False
    event = advance(order, OrderAction.STAY_OPEN, CLOCK, now, ends_at=ends_at)
    uow.orders.record(order, event)
    return True


def _later(uow: UnitOfWork, due_at: datetime | None) -> datetime | None:
    """The end of a deadline at whose end the city was away; None where it was there."""
    away = away_at(uow, due_at - TIME_TO_ANSWER) if due_at is not None else None
    if away is None or due_at is None:
        return None
    since, until = away
    return until + (due_at - since)
