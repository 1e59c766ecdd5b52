"""Erasing of the texts and pictures of a closed case, on the citizen's request.

The history stays, with its days and stages: events hold ids only, and the public log and the draws
name tickets. A mayor's order stays with its paper and its reports, because it is an official paper
and a promise that figures count. The page asks twice, because nothing can restore it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import last_day
from publicmeeting.domain.lifecycle.advance import advance, why_not
from publicmeeting.domain.lifecycle.guards import erasable_from
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.matter import WRITTEN
from publicmeeting.domain.records import Case, Order, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import OVER, Action
from publicmeeting.store.lifecycle.erasing import Erasable
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.text.tracking import my_data_text
from publicmeeting.usecases.base import Nothing, OneCase, usecase
from publicmeeting.usecases.lifecycle.case_access import own_request
from publicmeeting.usecases.rate_limits import count_step

_STEP = STEP_FOR[Action.ERASE]


@dataclass(frozen=True, slots=True)
class ErasingPage:
    """What would be erased and what would stay; `refused` is the refusal's key, or empty."""

    request: Request
    erasable: Erasable
    orders: int
    refused: str
    from_day: date | None
    """If it is only too early: the first day on which she may."""


@usecase(Role.CITIZEN)
def erasing_page(uow: UnitOfWork, actor: Actor, query: OneCase, now: datetime) -> ErasingPage:
    """Return the page of one request; Denied("not_found") for somebody else's."""
    request = own_request(uow, actor, query.code)
    orders = uow.orders.of_request(request.id)
    refused = "" if erases_more(request, orders, now) else why_not(request, _STEP, actor, now) or ""
    return ErasingPage(
        request=request,
        erasable=uow.erasing.erasable(request),
        orders=len(orders),
        refused=refused,
        from_day=first_erasable_day(request, actor, now),
    )


@usecase(Role.CITIZEN)
def erase_case(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> None:
    """Erase the case. Pressed again, it erases what she has written since, without another event.

    Denied `stage_moved` while it is not over, `erase_later`, `erase_undecided`, `not_found`.
    """
    uow.requests.lock(command.code)
    request = own_request(uow, actor, command.code)
    if not request.count(Action.ERASE):
        count_step(uow, actor)
        uow.requests.record(request, advance(request, Action.ERASE, actor, now))
    elif not erases_more(request, uow.orders.of_request(request.id), now):
        return
    names = {field.name: my_data_text.INSTEAD.get(field.name, "") for field in WRITTEN}
    uow.erasing.erase(request, names)


@usecase(Role.CITIZEN)
def erase_draft(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> None:
    """Delete the draft that she has begun to write, with its pictures."""
    uow.drafts.lock(actor)
    if draft := uow.drafts.id(actor):
        uow.drafts.drop(draft)


def erases_more(request: Request, orders: Sequence[Order], now: datetime) -> bool:
    """Return whether she has written something since the erasing, on the request or its orders.

    An order may be opened again, and she can answer and comment while it is open.
    """
    erased = request.last(Action.ERASE)
    if erased is None or request.stage not in OVER or now < erasable_from(request, now):
        return False
    cases: tuple[Case, ...] = (request, *orders)
    since = (event for case in cases for event in case.history if event.id > erased.id)
    return any(event.note and event.role is Role.CITIZEN for event in since)


def first_erasable_day(request: Request, actor: Actor, now: datetime) -> date | None:
    """Return the first day on which she may erase, if it is only too early now; else None."""
    if request.stage not in OVER or why_not(request, _STEP, actor, now) != "erase_later":
        return None
    return last_day(erasable_from(request, now)) + timedelta(days=1)
