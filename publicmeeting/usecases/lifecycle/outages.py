"""Outages of the city, so that nobody pays for hours in which nothing could be answered.

Once a minute the clock records that it runs; a longer gap is stored as an outage. Where it took the
end of a deadline of hers, or a day of it, her silence is no answer (docs/turns.md 2).
"""

from datetime import datetime, timedelta

from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.lifecycle.outages import TIME_TO_ANSWER, Outage, days_back, prolonged
from publicmeeting.domain.records import Case, Order, Request
from publicmeeting.domain.roles import CLOCK
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.outages import OUTAGE, outage_at, outages, takes_an_answer
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import moment
from publicmeeting.usecases.lifecycle.clock_steps import clock_takes
from publicmeeting.usecases.lifecycle.effects.costs import is_open_offer
from publicmeeting.usecases.lifecycle.weeks import UNTIL_THE_DAY_IS_OVER, week_of

OUTAGE_FROM = timedelta(hours=1)
"""A shorter one costs nobody anything."""
CLOCKS_DIFFER = timedelta(minutes=10)
"""More is no difference between the clocks of two machines: one of them was wrong."""
MOMENT = timedelta(minutes=10)
"""Back for so short a time between two absences that it said nothing of the first: they are said as
one."""
STORED_FOR = timedelta(days=60)
"""Longer than any deadline that an outage moves."""

RUNNING = "city-is-here"


def note_running(uow: UnitOfWork, now: datetime) -> None:
    """The city runs now; a long time since it last did is stored as an outage.

    A clock that ran ahead has stored one into the future, and every silence until then would be
    kept open; what it stored goes once it is right again.
    """
    uow.advisory_lock(RUNNING)
    last = uow.clockwork.done_at(RUNNING)
    if last is not None and last - now > CLOCKS_DIFFER:  # it ran ahead, and was set back
        uow.clockwork.forget_after(OUTAGE, now + CLOCKS_DIFFER)
        uow.publish(OUTAGE)
    elif last is not None and now <= last:
        return
    elif last is not None and now - last > OUTAGE_FROM:
        note_outage(uow, last.replace(microsecond=0), now.replace(microsecond=0))
        uow.clockwork.forget_days(OUTAGE, tehran_day(now - STORED_FOR))
        uow.publish(OUTAGE)
    elif last is not None:
        _say_what_took_answers(uow, now)
    uow.clockwork.mark_done(RUNNING, now)


def note_outage(uow: UnitOfWork, since: datetime, until: datetime) -> None:
    """The city was away from one whole second to another."""
    uow.clockwork.mark_done(f"{OUTAGE}{since.isoformat()}", until)


def _say_what_took_answers(uow: UnitOfWork, now: datetime) -> None:
    """Say an absence that took the last hour of somebody's answer soon after its end, also while
    there is time left: with another absence behind it, the seat would be kept only after that one,
    and by then no auditor believes the first. Not with the return itself: a clock that ran ahead is
    set back by now, and what it had stored has gone."""
    for outage in outages(uow):
        if outage[1] <= now <= outage[1] + TIME_TO_ANSWER and takes_an_answer(uow, outage):
            _publish(uow, outage, now)


def is_kept_open(uow: UnitOfWork, request: Request, now: datetime) -> bool:
    """Whether her silence is no answer, because of an outage; then she has been notified.

    A seat stays hers until its day is over: she confirms it no more, comes, or gives it up. Of any
    other deadline she has back what the outages took of it. An offer ends as ever: it costs her
    nothing, and others wait for it.
    """
    if request.due_at is None or is_open_offer(request):
        return False
    if request.seat is None:
        ends_at = _with_what_was_lost(uow, request)
        if ends_at is not None:
            clock_takes(uow, request, Action.WAIT_LONGER, now, ends_at=ends_at)
        return ends_at is not None
    monday = request.seat.monday
    ends_at = week_of(uow, monday).standby_until + UNTIL_THE_DAY_IS_OVER
    outage = outage_at(uow, request.due_at - TIME_TO_ANSWER)
    if request.due_at >= ends_at or outage is None:
        return False
    _publish(uow, outage, now)
    payload = {"monday": monday.isoformat(), "time": request.seat.time}
    clock_takes(uow, request, Action.KEEP_SEAT, now, payload, ends_at=ends_at)
    return True


def _publish(uow: UnitOfWork, outage: Outage, now: datetime) -> None:
    """Say in the public log, once, that the city was away, before it first keeps a seat: whoever
    owns the tables could otherwise keep one friend's by a mark of their own."""
    if _is_logged(uow, outage):
        return
    since, until = outage
    missing = [one for one in outages(uow) if not _is_logged(uow, one)]
    for one in missing:
        if timedelta(0) <= one[0] - until < MOMENT:
            until = one[1]
    for one in reversed(missing):
        if timedelta(0) <= since - one[1] < MOMENT:
            since = one[0]
    body: dict[str, object] = {"from": moment(since), "until": moment(until)}
    uow.log.append(Kind.OUTAGE, body, now)


def _is_logged(uow: UnitOfWork, outage: Outage) -> bool:
    since, until = map(moment, outage)
    logged = (entry.body for entry in uow.log.of_kind(Kind.OUTAGE, outage[1] - TIME_TO_ANSWER))
    return any(one["from"] <= since and until <= one["until"] for one in logged)


def is_order_kept_open(uow: UnitOfWork, order: Order, now: datetime) -> bool:
    """The same of a report that she has not answered."""
    ends_at = _with_what_was_lost(uow, order)
    if ends_at is None:
        return False
    event = advance(order, OrderAction.STAY_OPEN, CLOCK, now, ends_at=ends_at)
    uow.orders.record(order, event)
    return True


def give_days_back(uow: UnitOfWork, order: Order, now: datetime) -> bool:
    """Whether an order that has just become late has its deadlines back, as far as outages took
    them; then its unit was notified. Called behind the order's lock, before it is late for anybody.
    """
    found = days_back(order.history, _known_by(uow, now), now)
    if found is None:
        return False
    event = advance(
        order, OrderAction.GIVE_DAYS_BACK, CLOCK, now, found.payload, ends_at=found.due_at
    )
    uow.orders.record(order, event, due_on=found.due_on, first_due_on=found.first_due_on)
    return True


def _known_by(uow: UnitOfWork, now: datetime) -> tuple[Outage, ...]:
    """All outages, and the one that goes on while no clock runs yet: a page may be served before
    it."""
    last = uow.clockwork.done_at(RUNNING)
    going_on = ((last, now),) if last is not None and now - last > OUTAGE_FROM else ()
    return (*outages(uow), *going_on)


def _with_what_was_lost(uow: UnitOfWork, case: Case) -> datetime | None:
    """The later end of a deadline, counted from the step that set it; None where nothing was
    lost."""
    due_at = case.due_at
    if due_at is None:
        return None
    since = next((event.at for event in case.history if event.due_at == due_at), case.stage_at)
    ends_at = prolonged(since, due_at, outages(uow))
    return ends_at if ends_at > due_at else None
