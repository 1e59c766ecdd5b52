"""Silence is an answer only of whom the question has reached (docs/turns.md 2).

A message may fail for days, and whoever has no mobile is called by an officer, who may forget it.
So at the end of a deadline the clock checks whether the notice of what began it has reached her:
where it has not, or late, she has as long as the table gives, from the day it did. The days for an
objection to what was decided against her run from then as well (`may_object_to`). A seat is not
held this way: its answer is due at a published hour, and others wait for it.

Nor is it an answer while her identity is proved to be another's: then she may take no step, and has
as long as she may take the request back (`usecases/line/displacing.py`).
Nor of a report whose sheet was hidden from her (`domain/lifecycle/voiding.py`): its days begin when
she reads it again, and end by themselves only once the overseer has decided whether it is hers.
"""

from datetime import datetime

from publicmeeting.domain.calendar import deadline_days
from publicmeeting.domain.lifecycle.advance import advance, firing
from publicmeeting.domain.lifecycle.guards import RECLAIMED_WITHIN, may_object_to
from publicmeeting.domain.lifecycle.tables import STEP_FOR, Days
from publicmeeting.domain.lifecycle.voiding import readable_from
from publicmeeting.domain.notices import DISPLACED, HIDDEN, INFORMED_IN_TIME, UNREACHED
from publicmeeting.domain.records import Case, Event, Order, Request
from publicmeeting.domain.roles import CLOCK, Actor
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.lifecycle.outbox import Notice
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.lifecycle.clock_steps import clock_takes


def is_kept_open(uow: UnitOfWork, request: Request, now: datetime) -> bool:
    """Whether her silence is no answer, since it did not reach her in time, or she is displaced;
    then she has longer."""
    ends_at, why = _longer(uow, request, now), UNREACHED
    if ends_at is None:
        ends_at, why = _while_displaced(uow, request, request.person_id), DISPLACED
    if ends_at is None:
        return False
    clock_takes(uow, request, Action.WAIT_LONGER, now, {"why": why}, ends_at=ends_at)
    return True


def give_days_anew(uow: UnitOfWork, request: Request, now: datetime) -> None:
    """Whoever has her request back answers what it is asked, with all the days that the table
    gives; where she has as many, nothing changes."""
    began = _asked(request)
    if began is None or request.due_at is None:
        return
    ends_at = deadline_days(now, _days(began))
    if ends_at > request.due_at:
        clock_takes(uow, request, Action.WAIT_LONGER, now, {"why": DISPLACED}, ends_at=ends_at)


def is_order_kept_open(uow: UnitOfWork, order: Order, now: datetime) -> bool:
    """The same of a report that she has not answered."""
    ends_at, why = _longer(uow, order, now), UNREACHED
    if ends_at is None:
        person_id = uow.requests.by_id(order.request_id).person_id
        ends_at, why = _while_displaced(uow, order, person_id), DISPLACED
    if ends_at is None:
        ends_at, why = _while_hidden(order, now), HIDDEN
    if ends_at is None:
        return False
    _stay_open(uow, order, why, ends_at, now)
    return True


def give_report_days_anew(uow: UnitOfWork, order: Order, now: datetime) -> None:
    """As `give_days_anew`, of a report; the caller holds the lock of the order."""
    began = _asked(order)
    if began is None or order.due_at is None:
        return
    ends_at = deadline_days(now, _days(began))
    if ends_at > order.due_at:
        _stay_open(uow, order, DISPLACED, ends_at, now)


def _stay_open(uow: UnitOfWork, order: Order, why: str, ends_at: datetime, now: datetime) -> None:
    event = advance(order, OrderAction.STAY_OPEN, CLOCK, now, {"why": why}, ends_at=ends_at)
    uow.orders.record(order, event)


def is_asked_by(case: Case, notice: Notice) -> bool:
    """Whether this notice says what she is asked now, or what she may object to: nothing ends
    before it has reached her."""
    began = _asked(case)
    if began is not None:
        return notice.event_id >= began.id
    against = may_object_to(case)
    return against is not None and notice.event_id == against.id


def is_asker(actor: Actor, case: Case) -> bool:
    """Whether this account asked what her silence is going to end, or decided what she may object
    to: its word alone does not count as informing her."""
    began = _asked(case) or may_object_to(case)
    return (
        began is not None and began.account_id is not None and began.account_id == actor.account_id
    )


def _asked(case: Case) -> Event | None:
    """What began the stage that her silence ends; None in every other stage, and of a seat."""
    if firing(case.stage) is None:
        return None
    began = next(
        (event for event in reversed(case.history) if event.from_stage != event.to_stage), None
    )
    is_term = began is not None and isinstance(STEP_FOR[began.action].within, Days)
    return began if is_term else None


def _days(began: Event) -> int:
    within = STEP_FOR[began.action].within
    assert isinstance(within, Days)
    return within.n


def _while_displaced(uow: UnitOfWork, case: Case, person_id: str) -> datetime | None:
    """The end of the weeks in which she may take it back, once; counted from the end of the
    deadline, before which she was displaced."""
    began = _asked(case)
    if began is None or case.due_at is None or not uow.people.is_displaced(person_id):
        return None
    since = (event for event in case.history if event.id > began.id)
    if any(event.payload.get("why") == DISPLACED for event in since):
        return None
    return deadline_days(case.due_at, RECLAIMED_WITHIN.days)


def _while_hidden(order: Order, now: datetime) -> datetime | None:
    """The end of the days that begin when she reads again what was hidden from her."""
    began, since = _asked(order), readable_from(order, now)
    if began is None or since is None:
        return None
    ends_at = deadline_days(since, _days(began))
    return ends_at if ends_at > now else None


def _longer(uow: UnitOfWork, case: Case, now: datetime) -> datetime | None:
    """The end of her longer deadline; None where it reached her in time."""
    began = _asked(case)
    if began is None:
        return None
    if isinstance(case, Order):
        reached_at = uow.asking.reached_at(case.request_id, began, case.id)
    else:
        reached_at = uow.asking.reached_at(case.id, began)
    if reached_at is None:
        return deadline_days(now, _days(began))
    if tehran_day(reached_at) <= tehran_day(began.at) + INFORMED_IN_TIME:
        return None
    ends_at = deadline_days(reached_at, _days(began))
    return ends_at if ends_at > now else None
