"""What the city holds about a citizen: shown to herself, exported, and erased on her request.

It includes who she is to the city, who has opened her files, and where she is signed in.

It also erases the texts and pictures of a closed case, on her request. The history stays, with its
days and stages: events hold ids only, and the public log and the draws name tickets. A mayor's
order stays with its paper and its reports, because it is an official paper and a promise that
figures count. The page asks twice, because nothing can restore it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import last_day
from publicmeeting.domain.lifecycle.advance import advance, why_not
from publicmeeting.domain.lifecycle.guards import erasable_from
from publicmeeting.domain.lifecycle.order_guards import is_hidden, veiled
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.lifecycle.timeline import is_shown
from publicmeeting.domain.matter import WRITTEN, texts_of
from publicmeeting.domain.records import (
    Case,
    Event,
    Order,
    Person,
    Request,
    RequestLine,
    withdrawn_reports,
)
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import OVER, Action
from publicmeeting.store.accounts.people import Standing
from publicmeeting.store.accounts.sessions import OwnSession
from publicmeeting.store.lifecycle.erasing import Erasable
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.text.tracking import my_data_text
from publicmeeting.usecases.alone import readable
from publicmeeting.usecases.base import Nothing, OneCase, usecase
from publicmeeting.usecases.lifecycle.case_access import own_request, signed_in_person, unit_name
from publicmeeting.usecases.rate_limits import count_step
from publicmeeting.usecases.tracking.timeline import Opening, openings_of

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


SCHEMA = "publicmeeting/my-data/1"
"""Schema of the exported file (docs/my-data.md); a changed meaning gets another number."""
_MOST = 1000
_CITIZEN = frozenset({Role.CITIZEN})


@dataclass(frozen=True, slots=True)
class MyCase:
    """One of her requests with its orders and openings; openings are newest first."""

    request: Request
    orders: tuple[Order, ...]
    openings: tuple[Opening, ...]
    erasable_from: date | None
    """If it is closed but too early: the first day on which she may erase it."""
    erases_more: bool = False
    """Whether she has written more since the erasing."""


@dataclass(frozen=True, slots=True)
class MyData:
    """The page of her data; times of `standing` and `sessions` are machine time (`machine_now`)."""

    person: Person
    standing: Standing
    cases: tuple[MyCase, ...]
    """Newest first."""
    sessions: tuple[OwnSession, ...]
    """Newest first."""
    has_draft: bool
    """Whether she has begun to write a request."""
    now: datetime
    machine_now: datetime
    left_out: int = 0
    """Number of her requests that can no longer be decrypted."""


@usecase(Role.CITIZEN)
def my_data(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> MyData:
    """Return the data of the person for whom this session acts."""
    person_id = signed_in_person(actor)
    cases = _cases(uow, actor, person_id, now)
    return MyData(
        person=uow.people.get(person_id),
        standing=uow.people.standing(person_id),
        cases=cases,
        left_out=uow.unread,
        sessions=tuple(uow.sessions.own(actor)),
        has_draft=bool(uow.drafts.read(actor)),
        now=now,
        machine_now=uow.machine_now,
    )


def _cases(uow: UnitOfWork, actor: Actor, person_id: str, now: datetime) -> tuple[MyCase, ...]:

    def read(line: RequestLine) -> MyCase:
        request = uow.requests.by_id(line.id)
        orders = tuple(veiled(order, now) for order in uow.orders.of_request(request.id))
        from_day = first_erasable_day(request, actor, now)
        more = erases_more(request, orders, now)
        return MyCase(request, orders, openings_of(uow, request), from_day, more)

    lines = uow.lists.requests(Filter(person_id=person_id), limit=_MOST, newest=True)
    return tuple(readable(uow, "a request", lines, read))


@usecase(Role.CITIZEN)
def export_my_data(
    uow: UnitOfWork, actor: Actor, command: Nothing, now: datetime
) -> Mapping[str, object]:
    """Return all data with every text, as values for JSON (docs/my-data.md).

    What officials write among themselves is not hers and is left out, as are officials' accounts.
    """
    found = my_data(uow, actor, command, now)
    codes = {my_case.request.id: my_case.request.code for my_case in found.cases}
    return {
        "schema": SCHEMA,
        "made_at": now.isoformat(),
        "person": _person(found),
        "requests": [_request(uow, my_case, now) for my_case in found.cases],
        "draft": uow.drafts.read(actor),
        "messages": [
            {
                "at": notice.at.isoformat(),
                "code": codes.get(notice.request_id, ""),
                "about": notice.action,
                "state": notice.state,
            }
            for notice in uow.outbox.inbox(found.person.id, _MOST)
        ],
        "sessions": [
            {
                "door": session.door,
                "device": session.device,
                "signed_in_at": session.created_at.isoformat(),
                "last_used_at": session.used_at.isoformat(),
                "is_this": session.is_this,
            }
            for session in found.sessions
        ],
    }


def _person(found: MyData) -> Mapping[str, object]:
    standing = found.standing
    return {
        "name": found.person.name,
        "identity_kind": found.person.kind,
        "identity": found.person.identity,
        "mobile": found.person.mobile,
        "level": standing.level.value,
        # Which officer proved it is internal; the list of openings shows her the offices.
        "proven_by": standing.proven_by.partition(":")[0],
        "proven_at": _at(standing.proven_at),
        "known_since": standing.known_since.isoformat(),
    }


def _request(uow: UnitOfWork, my_case: MyCase, now: datetime) -> Mapping[str, object]:
    request = my_case.request
    hidden = {order.id for order in my_case.orders if is_hidden(order, now)}
    withdrawn = {event for order in my_case.orders for event in withdrawn_reports(order.history)}
    return {
        "code": request.code,
        "ticket": request.ticket,
        "district": request.district,
        "subject": request.subject,
        **texts_of(request),
        "needs": list(request.needs),
        "prefers": request.prefers,
        "lane": request.lane,
        "stage": request.stage.value,
        "filed_at": request.filed_at.isoformat(),
        "stage_since": request.stage_at.isoformat(),
        "is_assisted": request.filed_by is not None,
        "waited": request.waited,
        "seat": _seat(request),
        "events": _events(request),
        "pictures": [
            {"kind": image.kind, "address": f"/images/{image.id}"}
            for image in uow.images.of_request(request.id)
            if image.order_id not in hidden and image.event_id not in withdrawn
        ],
        "orders": [_order(uow, order) for order in my_case.orders],
        "openings": [
            {
                "at": opened.at.isoformat(),
                "role": opened.role.value,
                "district": opened.district,
                "unit": opened.unit,
                "with_name": opened.with_name,
            }
            for opened in my_case.openings
        ],
    }


def _seat(request: Request) -> Mapping[str, object] | None:
    seat = request.seat
    return {"monday": seat.monday.isoformat(), "time": seat.time} if seat else None


def _order(uow: UnitOfWork, order: Order) -> Mapping[str, object]:
    return {
        "number": order.number,
        "unit": unit_name(uow, order),
        "promise": order.promise,
        "text": order.text,
        "stage": order.stage.value,
        "issued_at": order.issued_at.isoformat(),
        "due_on": order.due_on.isoformat(),
        "events": _events(order),
    }


def _events(case: Case) -> list[Mapping[str, object]]:
    return [_event(event) for event in case.history if is_shown(event, _CITIZEN)]


def _event(event: Event) -> Mapping[str, object]:
    return {
        "at": event.at.isoformat(),
        "action": event.action.value,
        "role": event.role.value,
        "stage": event.to_stage.value,
        "note": event.note or "",
    }


def _at(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
