"""Outages of the city, so that nobody pays for hours in which nothing could be answered.

Once a minute the clock records that it runs; a longer gap is stored as an outage. Where she could
not answer at the end of a deadline, her silence is no answer (docs/turns.md 2).
"""

from datetime import datetime, timedelta

from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.records import Order, Request
from publicmeeting.domain.roles import CLOCK
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.lifecycle.clock_steps import clock_takes
from publicmeeting.usecases.lifecycle.effects.costs import is_open_offer
from publicmeeting.usecases.lifecycle.weeks import UNTIL_THE_DAY_IS_OVER, week_of

OUTAGE_FROM = timedelta(hours=1)
"""A shorter one costs nobody anything."""
TIME_TO_ANSWER = timedelta(hours=1)
"""Before the end of a deadline: whoever has that much, with the city running, could answer."""
STORED_FOR = timedelta(days=60)
"""Longer than any deadline that an outage moves."""

_RUNNING, _OUTAGE = "city-is-here", "city-was-away/"


def note_running(uow: UnitOfWork, now: datetime) -> None:
    """The city runs now; a long time since it last did is stored as an outage."""
    uow.advisory_lock(_RUNNING)
    last = uow.clockwork.done_at(_RUNNING)
    if last is not None and now <= last:
        return
    if last is not None and now - last > OUTAGE_FROM:
        uow.clockwork.mark_done(f"{_OUTAGE}{last.isoformat()}", now)
        uow.clockwork.forget_days(_OUTAGE, tehran_day(now - STORED_FOR))
    uow.clockwork.mark_done(_RUNNING, now)


def outage_at(uow: UnitOfWork, at: datetime) -> tuple[datetime, datetime] | None:
    """The outage in which an instant lies: its beginning and its end."""
    for name, until in uow.clockwork.marks(_OUTAGE).items():
        since = datetime.fromisoformat(name.removeprefix(_OUTAGE))
        if since <= at < until:
            return since, until
    return None


def is_kept_open(uow: UnitOfWork, request: Request, now: datetime) -> bool:
    """Whether her silence is no answer, because of an outage; then she has been notified.

    A seat stays hers until its day is over: she confirms it no more, comes, or gives it up. Any
    other deadline is as long as it still was when the outage began. An offer ends as ever: it
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
    """The end of a deadline that ended in an outage, moved behind it; None where the city ran."""
    outage = outage_at(uow, due_at - TIME_TO_ANSWER) if due_at is not None else None
    if outage is None or due_at is None:
        return None
    since, until = outage
    return until + (due_at - since)
