"""Briefs: what a unit writes before the meeting about the coming Monday's visitors, without names.

Writing one is a step of the lifecycle (`offer_answer`): the citizen reads it and may accept it as
the solution.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import is_late
from publicmeeting.domain.districts.city import SUBJECTS
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.access import plays
from publicmeeting.domain.lifecycle.advance import steps_open_to
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.lifecycle.timeline import Mark, timeline
from publicmeeting.domain.records import Event, Image, Request, RequestLine, is_changed
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import SEATED, Action
from publicmeeting.kit.clock import end_of_day
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.alone import readable
from publicmeeting.usecases.base import OneCase, Query, usecase
from publicmeeting.usecases.lifecycle.case_access import (
    note_unnamed_opening,
    photos_of,
    require_opened,
)

BRIEF_LEAD = timedelta(hours=48)
"""Time before the end of the Monday, that is Saturday 24:00.

By then it is known who comes, and she has all of Sunday to read the brief and accept it instead of
the meeting.
"""
LAST_LEAD = timedelta(hours=24)
"""For a seat assigned after that: Sunday 24:00."""
_SEATING = (Action.SEAT, Action.OFFER, Action.TAKE_FREE)


def brief_due_at(monday: date, seated_at: datetime) -> datetime:
    """Return when the brief on a visitor of this Monday, seated at that time, becomes late."""
    over = end_of_day(monday)
    due = over - BRIEF_LEAD
    return due if seated_at < due else over - LAST_LEAD


def brief_due(request: Request) -> datetime | None:
    """Return the same for a request; None without a seat."""
    seated = request.last(*_SEATING)
    return brief_due_at(request.seat.monday, seated.at) if request.seat and seated else None


def briefs_of(request: Request) -> tuple[Event, ...]:
    """Return what units have written on this request, newest first."""
    return tuple(
        event
        for event in reversed(request.history)
        if event.action is Action.OFFER_ANSWER and event.role is Role.UNIT
    )


def owes_brief(request: Request) -> bool:
    """Whether the request has a seat and no unit has written a brief."""
    return request.seat is not None and not briefs_of(request)


def is_brief_late(request: Request, now: datetime) -> bool:
    return owes_brief(request) and is_late(brief_due(request), now)


# Requests for which an officer's units answer: subjects of one district, never another's.

Places = dict[int, tuple[str, ...]]


def unit_places(uow: UnitOfWork, actor: Actor) -> Places:
    """Map each district of the actor's units to the subjects they answer for, perhaps none."""
    codes: dict[int, set[str]] = {}
    for one in sorted(actor.units()):
        unit = uow.city.unit(one)
        if unit is not None:
            codes.setdefault(unit.district, set()).add(unit.code)
    return {
        district: tuple(subject.code for subject in SUBJECTS if units & set(subject.unit_codes))
        for district, units in sorted(codes.items())
    }


DUE, LATE, WRITTEN = "due", "late", "written"
TABS = (DUE, LATE, WRITTEN)
MOST = 200
"""Maximum visitors read for one list: more than a Monday of all units of a district."""
_WRITES = (Action.OFFER_ANSWER,)


class Briefs(Query):
    """A list of briefs; `which` is one of `TABS`. `due` has all unwritten ones, late ones too."""

    which: str = DUE


@dataclass(frozen=True, slots=True)
class BriefLine:
    """A visitor as one row: her matter and her time, never who she is."""

    line: RequestLine
    due_at: datetime | None
    late: bool
    written_at: datetime | None


@dataclass(frozen=True, slots=True)
class BriefsPage:
    lines: tuple[BriefLine, ...]
    counts: Mapping[str, int]
    which: str
    now: datetime
    unread: int
    """Number of cases that can no longer be read and are left out."""


@dataclass(frozen=True, slots=True)
class BriefPage:
    """A visitor's matter as the unit reads it."""

    request: Request
    """Without the person and without its history."""
    photos: tuple[Image, ...]
    marks: tuple[Mark, ...]
    due_at: datetime | None
    late: bool
    written: int
    steps: tuple[Step, ...]
    """The step of writing, as long as it is open."""
    now: datetime
    is_changed: bool = False
    """Whether a step was written, changed or removed in the database past this program."""


@usecase(Role.UNIT)
def briefs(uow: UnitOfWork, actor: Actor, query: Briefs, now: datetime) -> BriefsPage:
    """Return the visitors with a coming Monday whose subject is this unit's, earliest first.

    Denied("form_broken") for a tab that does not exist.
    """
    if query.which not in TABS:
        raise Denied("form_broken")
    seated = uow.lists.requests(_scope(uow, actor), limit=MOST)
    found = readable(uow, "a request", seated, lambda line: _line(uow, line, now))
    tabs = {
        DUE: [line for line in found if line.written_at is None],
        LATE: [line for line in found if line.late],
        WRITTEN: [line for line in found if line.written_at],
    }
    counts = {which: len(lines) for which, lines in tabs.items()}
    lines = sorted(tabs[query.which], key=_when)
    return BriefsPage(tuple(lines), counts, query.which, now, uow.unread)


@usecase(Role.UNIT)
def open_brief(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> BriefPage:
    """Open one of them, and record the opening, which she reads. Denied("not_found")."""
    request = _seated(uow, actor, command)
    note_unnamed_opening(uow, actor, request, now)
    return _page(uow, actor, request, now)


@usecase(Role.UNIT)
def brief_page(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> BriefPage:
    """Return the page again for a live update; Denied("not_opened") unless opened today."""
    request = _seated(uow, actor, command)
    require_opened(uow, actor, request, now)
    return _page(uow, actor, request, now)


def briefs_owed(uow: UnitOfWork, actor: Actor) -> int:
    """Return how many visitors no unit has written about yet."""
    if not actor.units():
        return 0
    return uow.lists.count(_scope(uow, actor, written=False))


def _scope(uow: UnitOfWork, actor: Actor, *, written: bool = True) -> Filter:
    """Return the filter of seated requests in each district's subjects of these units."""
    done = ((Action.OFFER_ANSWER.value, Role.UNIT.value),)
    return Filter(
        places=unit_places(uow, actor),
        stages=tuple(sorted(SEATED)),
        without=() if written else done,
    )


def _line(uow: UnitOfWork, line: RequestLine, now: datetime) -> BriefLine:
    request = uow.requests.by_id(line.id)
    written = briefs_of(request)
    return BriefLine(
        line=replace(line, person_id="", linked=0),
        due_at=brief_due(request),
        late=is_brief_late(request, now),
        written_at=written[0].at if written else None,
    )


def _when(line: BriefLine) -> tuple[bool, object, object]:
    seat = line.line.seat
    return (not line.late, seat.monday if seat else "", seat.time if seat else "")


def _seated(uow: UnitOfWork, actor: Actor, command: OneCase) -> Request:
    """Return the request if its Monday lies ahead and the unit may read it; Denied("not_found")."""
    request = uow.requests.get_visible(command.code, actor)
    if request.stage not in SEATED or not plays(actor, Role.UNIT, request):
        raise Denied("not_found")
    return request


def _page(uow: UnitOfWork, actor: Actor, request: Request, now: datetime) -> BriefPage:
    return BriefPage(
        request=replace(request, person_id="", history=()),
        photos=photos_of(uow, request),
        marks=timeline(request, (), actor, now),
        due_at=brief_due(request),
        late=is_brief_late(request, now),
        written=len(briefs_of(request)),
        steps=tuple(s for s in steps_open_to(actor, request, now) if s.action in _WRITES),
        now=now,
        is_changed=is_changed(request),
    )
