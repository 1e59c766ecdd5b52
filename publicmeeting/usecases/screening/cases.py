"""An opened request: the opening is recorded for the citizen, and her name is not shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.calendar import late_days
from publicmeeting.domain.lifecycle.advance import firing, steps_open_to
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.records import Image, Person, Request
from publicmeeting.domain.roles import STAFF, Actor
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.domain.timeline import Mark, timeline
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import parts
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import OneCase, usecase
from publicmeeting.usecases.lifecycle.case_access import (
    RecentOpening,
    note_opening,
    opened_by_others,
    photos_of,
    require_opened,
    steps_refused,
    take_up,
    unit_of_event,
    visible_person,
)

LINKED_MOST = 10


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """An earlier request of the same person: its subject, date and outcome.

    No code and no district, which together would lead to a name.
    """

    subject: str
    year: int
    month: int
    """Jalali."""
    outcome: Stage
    same_subject: bool
    objected: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """A request as one official may see it."""

    request: Request
    person: Person | None
    """Set only after screening, for reception and the mayor of the district."""
    photos: tuple[Image, ...]
    marks: tuple[Mark, ...]
    unit_of_event: Mapping[int, str]
    """Event id of an order → name of the unit that had it then."""
    linked: tuple[LinkedCase, ...]
    steps: tuple[Step, ...]
    """Steps with a button; their fields follow from `needs` and `may`."""
    refused: tuple[tuple[Step, str], ...]
    """Steps of the same role that are not possible now, with the refusal's key."""
    late_days: int
    also_open: RecentOpening | None
    """A colleague who may decide it too and has opened it recently."""
    now: datetime


@usecase(*STAFF)
def open_case(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> CasePage:
    """Open a request, and record who did, in which role and when. Denied("not_found")."""
    request = uow.requests.get_visible(command.code, actor)
    note_opening(uow, actor, request, now)
    take_up(uow, actor, request, now)
    return _page(uow, actor, uow.requests.get_visible(command.code, actor), now)


@usecase(*STAFF)
def case_page(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> CasePage:
    """Return the page again for a live update; Denied("not_opened") unless opened today."""
    request = uow.requests.get_visible(command.code, actor)
    require_opened(uow, actor, request, now)
    return _page(uow, actor, request, now)


def _page(uow: UnitOfWork, actor: Actor, request: Request, now: datetime) -> CasePage:
    orders = uow.orders.of_request(request.id)
    return CasePage(
        request=request,
        person=visible_person(uow, actor, request),
        photos=photos_of(uow, request),
        marks=timeline(request, orders, actor, now),
        unit_of_event={
            k: unit for order in orders for k, unit in unit_of_event(uow, order).items()
        },
        linked=linked_cases(uow, request),
        steps=steps_open_to(actor, request, now),
        refused=steps_refused(actor, request, now),
        late_days=0 if firing(request.stage) else late_days(request.due_at, now),
        also_open=opened_by_others(uow, actor, (request.id,), now).get(request.id),
        now=now,
    )


def linked_cases(uow: UnitOfWork, request: Request) -> tuple[LinkedCase, ...]:
    """Return the person's other requests, newest first."""
    lines = uow.lists.requests(Filter(person_id=request.person_id), limit=LINKED_MOST + 1)
    others = [uow.requests.by_id(line.id) for line in lines if line.id != request.id]
    others.sort(key=lambda one: one.filed_at, reverse=True)
    return tuple(_linked(one, request) for one in others[:LINKED_MOST])


def _linked(other: Request, request: Request) -> LinkedCase:
    year, month, _ = parts(tehran_day(other.filed_at))
    objected = other.last(Action.OBJECT, Action.OBJECT_REFUSAL, Action.INSIST) is not None
    return LinkedCase(
        other.subject, year, month, other.stage, other.subject == request.subject, objected
    )
