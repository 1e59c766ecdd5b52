"""Outages of the city: no citizen pays for hours in which she could not answer.

Once a minute the clock records that it runs. A longer gap is stored as an outage. If an outage took
the end of a citizen's deadline, or a day of it, her silence is no answer (docs/turns.md 2).
"""

from datetime import datetime, timedelta

from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.lifecycle.outages import TIME_TO_ANSWER, Outage, days_back, prolonged
from publicmeeting.domain.records import Case, Order, Request
from publicmeeting.domain.roles import CLOCK
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.store.worker.marks import OUTAGE, outage_at, outages, takes_an_answer
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import moment
from publicmeeting.usecases.lifecycle.effects.costs import is_open_offer
from publicmeeting.usecases.lifecycle.steps import clock_takes
from publicmeeting.usecases.lifecycle.weeks import UNTIL_THE_DAY_IS_OVER, week_of

OUTAGE_FROM = timedelta(hours=1)
"""Minimum length of an outage; a shorter one costs nobody anything."""
CLOCKS_DIFFER = timedelta(minutes=10)
"""Largest difference between two machines' clocks; beyond it one of them was wrong."""
MOMENT = timedelta(minutes=10)
"""Outages closer together than this are logged as one: the city logged nothing in between."""
STORED_FOR = timedelta(days=60)
"""How long outages are stored: longer than any deadline that an outage moves."""

RUNNING = "city-is-here"


def note_running(uow: UnitOfWork, now: datetime, noted_at: datetime | None = None) -> None:
    """Record that the city runs now; a long gap since the last record is stored as an outage.

    `noted_at` is the time at which this process has recorded it last. If the record is older, or
    events are younger, somebody has put an older record back, and the city was not down since.

    A clock that ran ahead has stored an outage that ends in the future, which would excuse every
    silence until then. It is deleted when the clock is right again.
    """
    uow.advisory_lock(RUNNING)
    last = uow.clockwork.done_at(RUNNING)
    if last is not None and last - now > CLOCKS_DIFFER:  # the clock was ahead and has been set back
        uow.clockwork.forget_after(OUTAGE, now + CLOCKS_DIFFER)
        uow.publish(OUTAGE)
    elif last is not None and now <= last:
        return
    elif last is not None and now - (last := _ran_at(uow, last, noted_at, now)) > OUTAGE_FROM:
        note_outage(uow, last.replace(microsecond=0), now.replace(microsecond=0))
        uow.clockwork.forget_days(OUTAGE, tehran_day(now - STORED_FOR))
        uow.publish(OUTAGE)
    elif last is not None:
        _log_outages_of_answers(uow, now)
    uow.clockwork.mark_done(RUNNING, now)


def _ran_at(uow: UnitOfWork, last: datetime, noted_at: datetime | None, now: datetime) -> datetime:
    """Return when the city is known to have run last, given its newest record.

    Events of the last minutes are left out: pages may be served before the clock is back.
    """
    if now - last <= OUTAGE_FROM:
        return last
    signs = (noted_at, uow.clockwork.newest_event(now - CLOCKS_DIFFER))
    return max([last, *(sign for sign in signs if sign is not None and sign <= now)])


def note_outage(uow: UnitOfWork, since: datetime, until: datetime) -> None:
    """Store an outage, from one whole second to another."""
    uow.clockwork.mark_done(f"{OUTAGE}{since.isoformat()}", until)


def _log_outages_of_answers(uow: UnitOfWork, now: datetime) -> None:
    """Log an outage that took the last hour of somebody's answer, soon after its end.

    This happens even while she has time left. If another outage followed, her seat would be kept
    only after that one, too late for an auditor to accept the first. It does not happen at the
    return itself: by now a clock that ran ahead is set back, and what it had stored is deleted.
    """
    for outage in outages(uow):
        if outage[1] <= now <= outage[1] + TIME_TO_ANSWER and takes_an_answer(uow, outage):
            _publish(uow, outage, now)


def is_kept_open(uow: UnitOfWork, request: Request, now: datetime) -> bool:
    """Return whether an outage excuses her silence; if so, she has more time and is notified.

    A seat stays hers until its day is over: she can no longer confirm it, but may come or give it
    up. Any other deadline is extended by what outages took of it. An offer ends as usual: it costs
    her nothing, and others wait for it.
    """
    if request.due_at is None or is_open_offer(request):
        return False
    if request.seat is None:
        ends_at = _extended_deadline(uow, request)
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
    """Log the outage, once, before it first keeps a seat.

    Otherwise the database owner could keep a friend's seat by an unlogged mark in the tables.
    """
    if _is_logged(uow, outage):
        return
    since, until = outage
    missing = [outage for outage in outages(uow) if not _is_logged(uow, outage)]
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
    return any(entry["from"] <= since and until <= entry["until"] for entry in logged)


def is_order_kept_open(uow: UnitOfWork, order: Order, now: datetime) -> bool:
    """Extend the deadline of an unanswered report by what outages took of it; return if it did."""
    ends_at = _extended_deadline(uow, order)
    if ends_at is None:
        return False
    event = advance(order, OrderAction.STAY_OPEN, CLOCK, now, ends_at=ends_at)
    uow.orders.record(order, event)
    return True


def give_days_back(uow: UnitOfWork, order: Order, now: datetime) -> bool:
    """Return whether an order that just became late has its deadlines extended by outages.

    Its unit is then notified. The caller holds the order's lock, and nobody sees the order as late
    yet.
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
    """Return all outages, including one that is still going on because no clock runs yet.

    A page may be served before the clock has recorded the return.
    """
    last = uow.clockwork.done_at(RUNNING)
    if last is not None:
        last = _ran_at(uow, last, None, now)
    going_on = ((last, now),) if last is not None and now - last > OUTAGE_FROM else ()
    return (*outages(uow), *going_on)


def _extended_deadline(uow: UnitOfWork, case: Case) -> datetime | None:
    """Return the later end of a deadline, from the step that set it; None if nothing was lost."""
    due_at = case.due_at
    if due_at is None:
        return None
    since = next((event.at for event in case.history if event.due_at == due_at), case.stage_at)
    ends_at = prolonged(since, due_at, outages(uow))
    return ends_at if ends_at > due_at else None
