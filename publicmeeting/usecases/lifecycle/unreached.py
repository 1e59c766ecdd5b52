"""Silence counts as an answer only if the question reached her (docs/turns.md 2).

A message may fail for days, and an officer may forget to call a citizen without a mobile. At the
end of a deadline the clock checks whether the notice of what began it has reached her. If it has
not, or reached her late, she has the table's days from the day it did. The days for an objection to
a decision against her run from then as well (`may_object_to`). A seat is not kept this way: its
answer is due at a published hour, and others wait for it.

Silence is no answer either while her identity is proved to be another's. She may take no step then,
and has as long as she may take the request back (`usecases/line/displacing.py`). The same holds for
a report whose sheet was hidden from her (`domain/lifecycle/order_guards.py`): its days begin when
she can read it again, and end only after the overseer has decided whether it is hers.
"""

from datetime import datetime

from publicmeeting.domain.calendar import deadline_days
from publicmeeting.domain.lifecycle.advance import advance, firing
from publicmeeting.domain.lifecycle.guards import RECLAIMED_WITHIN, may_object_to
from publicmeeting.domain.lifecycle.notices import DISPLACED, HIDDEN, INFORMED_IN_TIME, UNREACHED
from publicmeeting.domain.lifecycle.order_guards import readable_from
from publicmeeting.domain.lifecycle.tables import STEP_FOR, Days
from publicmeeting.domain.records import Case, Event, Order, Request
from publicmeeting.domain.roles import CLOCK, Actor
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.lifecycle.outbox import Notice
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.lifecycle.steps import clock_takes


def is_kept_open(uow: UnitOfWork, request: Request, now: datetime) -> bool:
    """Return whether her silence is no answer; if so, extend her deadline.

    The question did not reach her in time, or she is displaced.
    """
    ends_at, why = _longer(uow, request, now), UNREACHED
    if ends_at is None:
        ends_at, why = _while_displaced(uow, request, request.person_id), DISPLACED
    if ends_at is None:
        return False
    clock_takes(uow, request, Action.WAIT_LONGER, now, {"why": why}, ends_at=ends_at)
    return True


def restart_answer_days(uow: UnitOfWork, request: Request, now: datetime) -> None:
    """Give a citizen who has her request back the table's full days to answer; never fewer."""
    began = _asked(request)
    if began is None or request.due_at is None:
        return
    ends_at = deadline_days(now, _days(began))
    if ends_at > request.due_at:
        clock_takes(uow, request, Action.WAIT_LONGER, now, {"why": DISPLACED}, ends_at=ends_at)


def is_order_kept_open(uow: UnitOfWork, order: Order, now: datetime) -> bool:
    """Return whether silence about a report is no answer; if so, extend its deadline."""
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


def restart_report_days(uow: UnitOfWork, order: Order, now: datetime) -> None:
    """Restart the days of `restart_answer_days` for a report; the caller holds the order's lock."""
    began = _asked(order)
    if began is None or order.due_at is None:
        return
    ends_at = deadline_days(now, _days(began))
    if ends_at > order.due_at:
        _stay_open(uow, order, DISPLACED, ends_at, now)


def _stay_open(uow: UnitOfWork, order: Order, why: str, ends_at: datetime, now: datetime) -> None:
    event = advance(order, OrderAction.STAY_OPEN, CLOCK, now, {"why": why}, ends_at=ends_at)
    uow.orders.record(order, event)


def is_notice_of_question(case: Case, notice: Notice) -> bool:
    """Return whether this notice tells her what she is asked, or what she may object to.

    Her deadline does not end before this notice has reached her.
    """
    began = _asked(case)
    if began is not None:
        return notice.event_id >= began.id
    against = may_object_to(case)
    return against is not None and notice.event_id == against.id


def is_asker(actor: Actor, case: Case) -> bool:
    """Return whether this account asked her, or decided what she may object to.

    The word of that account alone does not count as informing her.
    """
    began = _asked(case) or may_object_to(case)
    return (
        began is not None and began.account_id is not None and began.account_id == actor.account_id
    )


def _asked(case: Case) -> Event | None:
    """Return the event that began the stage which her silence ends.

    None in any other stage, and for a seat.
    """
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
    """Return the end of the weeks in which she may take it back, granted once; else None.

    They count from the end of the deadline, before which she was displaced.
    """
    began = _asked(case)
    if began is None or case.due_at is None or not uow.people.is_displaced(person_id):
        return None
    since = (event for event in case.history if event.id > began.id)
    if any(event.payload.get("why") == DISPLACED for event in since):
        return None
    return deadline_days(case.due_at, RECLAIMED_WITHIN.days)


def _while_hidden(order: Order, now: datetime) -> datetime | None:
    """Return the end of her days from when she can read a hidden report again; else None."""
    began, since = _asked(order), readable_from(order, now)
    if began is None or since is None:
        return None
    ends_at = deadline_days(since, _days(began))
    return ends_at if ends_at > now else None


def _longer(uow: UnitOfWork, case: Case, now: datetime) -> datetime | None:
    """Return the end of her longer deadline; None if the question reached her in time."""
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
