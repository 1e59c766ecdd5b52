"""The desk's screening: its inbox without any name, and an opened request.

The inbox also serves a unit's brief. Opening a request is recorded for the citizen, and her name is
not shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from publicmeeting.domain.calendar import late_days
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import firing, steps_open_to
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.lifecycle.timeline import Mark, timeline
from publicmeeting.domain.records import Image, Person, Request, RequestLine, is_changed
from publicmeeting.domain.roles import STAFF, Actor, Role
from publicmeeting.domain.stages import SEATED, Action, Stage
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
from publicmeeting.usecases.narrowing import (
    ListPage,
    Narrowed,
    Sort,
    check_narrowing,
    clamp_page,
    pages_of,
    search_words,
)
from publicmeeting.usecases.orders.briefs import unit_places

PAGE = 30
"""Lines on one page."""


class Tab(StrEnum):
    """The tabs of the inbox, in order."""

    SUBMITTED = "submitted"
    NEEDS_INFO = "needs_info"
    OBJECTIONS = "objections"
    LATE = "late"
    ALL = "all"


TABS = tuple(tab.value for tab in Tab)
SUBMITTED, ALL = Tab.SUBMITTED.value, Tab.ALL.value
SORTS = (Sort.PRESSING, Sort.NEWEST)

_OBJECTIONS = (Action.OBJECT.value, Action.OBJECT_REDIRECT.value)
_FOR_UNITS = (Stage.SUBMITTED, Stage.WAITING, *sorted(SEATED))
"""Stages in which a unit may answer or write its brief."""


class Inbox(Narrowed):
    """A page of the inbox; `which` is one of `TABS`."""

    which: str = SUBMITTED
    district: int = 0
    """0 stands for all of the officer's own."""


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A line of the inbox; `late_days` are working days, 0 while the citizen's deadline runs."""

    line: RequestLine
    late_days: int
    opened_by_others: bool = False
    """Whether a colleague has opened it recently."""


@usecase(Role.DESK, Role.UNIT)
def inbox(uow: UnitOfWork, actor: Actor, query: Inbox, now: datetime) -> ListPage[InboxLine]:
    """Return one page of the inbox, most urgent or newest first.

    The desk reads its districts, a unit the requests of its own subjects. Denied("form_broken") for
    an unknown tab, Denied("not_found") for another district.
    """
    if query.which not in TABS:
        raise Denied("form_broken")
    check_narrowing(query, SORTS)
    base = replace(_scope(uow, actor, query), words=search_words(query.words))
    tabs = {
        which: without_own_declines(_tab(base, Tab(which), now), actor, which) for which in TABS
    }
    counts = uow.lists.tabs(base, tabs)
    page = clamp_page(query.page, counts[query.which], PAGE)
    lines = uow.lists.requests(
        tabs[query.which], limit=PAGE, offset=page * PAGE, newest=query.sort is Sort.NEWEST
    )
    others = opened_by_others(uow, actor, [line.id for line in lines], now)
    return ListPage(
        lines=tuple(
            replace(inbox_line(line, now), opened_by_others=line.id in others) for line in lines
        ),
        counts=counts,
        which=query.which,
        page=page,
        pages=pages_of(counts[query.which], PAGE),
        now=now,
    )


def without_own_declines(what: Filter, actor: Actor, which: str = SUBMITTED) -> Filter:
    """Leave out what this officer has declined, because a colleague must judge it.

    The tab of all requests still shows it.
    """
    if which == ALL or not actor.account_id or not actor.has(Role.DESK):
        return what
    return replace(what, not_by=((Action.DECLINE.value, actor.account_id),))


def _scope(uow: UnitOfWork, actor: Actor, query: Inbox) -> Filter:
    """Return the filter of an officer's requests.

    With a desk in one district and a unit in another, it is the district in which he works now.
    """
    desk, wanted = actor.districts(Role.DESK), (query.subject,) if query.subject else ()
    places = unit_places(uow, actor)
    here = query.district or actor.at
    if desk and (here in desk or here not in places):
        return Filter(districts=_among(desk, query.district), subjects=wanted)
    home = _among(frozenset(places), query.district)
    # A unit that answers for no subject has an empty inbox, not everybody's.
    own_places = {one: subjects for one, subjects in places.items() if one in home}
    return Filter(places=own_places, subjects=wanted, stages=_FOR_UNITS)


def _among(own: frozenset[int], wanted: int) -> frozenset[int]:
    if wanted and wanted not in own:
        raise Denied("not_found")
    return frozenset({wanted}) if wanted else own


def _tab(base: Filter, tab: Tab, now: datetime) -> Filter:
    match tab:
        case Tab.SUBMITTED:
            return replace(base, stages=(Stage.SUBMITTED,))
        case Tab.NEEDS_INFO:
            # A unit reads a request while it may answer it, not while the citizen is asked.
            stages = (Stage.NEEDS_INFO,)
            is_shown = not base.stages or set(stages) <= set(base.stages)
            districts = base.districts if is_shown else frozenset()
            return replace(base, stages=stages, districts=districts)
        case Tab.OBJECTIONS:
            return replace(base, stages=(Stage.SUBMITTED,), actions=_OBJECTIONS)
        case Tab.LATE:
            return replace(base, stages=(Stage.SUBMITTED,), due_before=now)
    return base


def inbox_line(line: RequestLine, now: datetime) -> InboxLine:
    """Return a line with its lateness, and without the person."""
    late = 0 if firing(line.stage) else late_days(line.due_at, now)
    return InboxLine(replace(line, person_id=""), late)


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
    is_changed: bool
    """Whether a step was written, changed or removed in the database past this program."""
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
        is_changed=is_changed(request, *orders),
        now=now,
    )


def linked_cases(uow: UnitOfWork, request: Request) -> tuple[LinkedCase, ...]:
    """Return the person's other requests, newest first."""
    lines = uow.lists.requests(Filter(person_id=request.person_id), limit=LINKED_MOST + 1)
    others = [uow.requests.by_id(line.id) for line in lines if line.id != request.id]
    others.sort(key=lambda line: line.filed_at, reverse=True)
    return tuple(_linked(other, request) for other in others[:LINKED_MOST])


def _linked(other: Request, request: Request) -> LinkedCase:
    year, month, _ = parts(tehran_day(other.filed_at))
    objected = other.last(Action.OBJECT, Action.OBJECT_REFUSAL, Action.INSIST) is not None
    return LinkedCase(
        other.subject, year, month, other.stage, other.subject == request.subject, objected
    )
