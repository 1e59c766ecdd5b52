"""The list of a Monday: who is expected, present and next; for reception and the mayor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from publicmeeting.domain.choices import LaneReason, Original, Verdict
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.absence import absent_from
from publicmeeting.domain.lifecycle.access import can_see_name
from publicmeeting.domain.lifecycle.advance import steps_open_to
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.lifecycle.telephone import is_rung
from publicmeeting.domain.line.history import NOTED_ON
from publicmeeting.domain.line.lanes import reasons_given
from publicmeeting.domain.meetings.estimate import EntryRange
from publicmeeting.domain.people import Level, local_mobile
from publicmeeting.domain.records import (
    PAPER,
    Event,
    Monday,
    Person,
    Request,
    is_changed,
    standing,
)
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.domain.stages import (
    CALLS,
    COMINGS,
    EXPECTED,
    IN_HALL,
    INSIDE,
    PRESENT,
    Action,
    Need,
    Stage,
)
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, Nothing, parsed, usecase
from publicmeeting.usecases.estimate import (
    DayLine,
    Seated,
    SeatedDay,
    line_shown,
    seated_on,
    visitor_number,
)
from publicmeeting.usecases.lifecycle.case_access import (
    district_named,
    district_of,
    is_name_unopened,
    note_openings,
    visible_people,
)
from publicmeeting.usecases.line.offers import times_free
from publicmeeting.usecases.meetings.held import DaySummary, EveningOf, day_summary
from publicmeeting.usecases.meetings.in_hall.standby import AtTheDoor, StandbyPerson, standbys
from publicmeeting.usecases.orders.lists import OrderLine, late_orders
from publicmeeting.usecases.orders.paper.drafts import draft_owner

_CALLS = (*CALLS, Action.CALL_IN)
_ENDS_CALLS = (Action.SEND_BACK, Action.NO_SHOW)
"""After one of these steps, no earlier call asks her to come in."""


class ADay(Command):
    """A Monday as an ISO day, empty for today's or the next; district 0 for the actor's own."""

    district: int = 0
    monday: str = ""


@dataclass(frozen=True, slots=True)
class FromPaper:
    """Who entered something from a paper, and when."""

    by: str
    """Name as colleagues read it; empty if the account no longer exists."""
    role: Role
    at: datetime


@dataclass(frozen=True, slots=True)
class Visitor:
    """A citizen who holds, or held, a seat of this Monday; `number` is its place in the day."""

    number: int
    time: str
    code: str
    stage: Stage
    subject: str
    title: str
    needs: tuple[str, ...]
    name: str | None
    """Set only if it may be seen and the opening of the case is recorded."""
    why: str
    """How she got the seat: `line`, `debt`, `lane:…`, `standby`, `free`, `stand_in`."""
    calls: int
    """How often her number was called today."""
    present_at: datetime | None
    """When she checked in with the hall's code."""
    called_at: datetime | None
    """When she was last called or called in today; None after she was sent back or was absent."""
    coming_at: datetime | None
    """When she answered one of today's calls that she is coming."""
    came_at: datetime | None
    """Since when she is here; None after she was received, or after the day."""
    came_late: bool
    in_room_since: datetime | None
    met: bool
    missed: bool
    steps: tuple[Step, ...]
    entry: EntryRange | None = None
    """Today, while she waits: when she goes in."""
    from_paper: FromPaper | None = None
    """Who last entered something about her from a paper."""
    by_telephone: bool = False
    """Whether she is telephoned at her time."""
    rings: int = 0
    """How often she was telephoned today without an answer."""
    arrived_at: datetime | None = None
    """When she came on this day, whatever happened later."""
    papers: tuple[LaneReason, ...] = ()
    """Once she is here: what the document showed that gave her this seat by a lane."""
    original: Original | None = None
    """What reception recorded about the document's original."""
    mobile: str = ""
    """The number at which she is telephoned; only on the day itself, with her name."""
    is_unproved: bool = False
    """Whether the whole number of her card must be typed."""
    absent_from: datetime | None = None
    """Before when no absence is noted; None without a seat."""
    is_changed: bool = False
    """Whether her case was changed in the database past this program."""
    is_given_on: bool = False
    """Whether she missed her seat and a standby has it: she is not received any more."""


@dataclass(frozen=True, slots=True)
class DayBoard:
    """A Monday as reception and the mayor follow it."""

    monday: Monday
    visitors: tuple[Visitor, ...]
    free: tuple[str, ...]
    """Start times without a holder, for standbys who are present."""
    standby: tuple[StandbyPerson, ...]
    in_room: Visitor | None
    next: Visitor | None
    """Who goes in next: of those who have come, the earliest time; late ones last."""
    now: datetime
    unread: int = 0
    """Number of cases that can no longer be decrypted and are left out."""
    freed: bool = False
    """Whether seats of the day had been assigned and none is held any more."""
    has_new_name: bool = False
    """Whether `open_monday` would show a name of today that this account has not opened yet."""

    @property
    def takes_paper(self) -> bool:
        """Whether the morning can be entered from paper: it is the day, and it has not ended."""
        return self.monday.on == tehran_day(self.now) and not self.monday.has_ended

    @property
    def entry(self) -> EntryRange | None:
        """Return when the next visitor goes in; None on another day and while nobody has come."""
        return self.next.entry if self.next else None


@dataclass(frozen=True, slots=True)
class Agenda:
    """The mayor's day; late orders come before everything else."""

    late: tuple[OrderLine, ...]
    board: DayBoard | None
    """None while the district has no Monday ahead."""
    done: int
    """How many visitors have been met."""
    evening: DaySummary | None
    """Summary of the last Monday."""
    unread: int
    """Number of cases in these lists that can no longer be decrypted and are left out."""
    holds: bool
    """Whether this actor acts on that Monday; a deputy only if the mayor has named him for it."""
    names_unopened: bool
    """Whether this account has yet to open a name of the day, by `open_monday`."""
    owner: str
    """Identifies the tablet's official, for what waits on it without a network."""
    district: int
    now: datetime


@usecase(Role.RECEPTION, *MEETING)
def open_monday(uow: UnitOfWork, actor: Actor, command: ADay, now: datetime) -> DayBoard:
    """Return the day's list with names, and record each shown name as an opening of that case.

    Used when the page opens; live updates use `monday_list`, and this only for a new name.
    Denied("not_found") for another district, or a day that is no open Monday.
    """
    day = day_of(uow, actor, command, now)
    found = seated_on(uow, day)
    opened = note_openings(uow, actor, found.requests, now, tehran_day(now))
    again = [
        (request, time, why) for request, (_, time, why) in zip(opened, found.seated, strict=True)
    ]
    return board_of(uow, actor, day, replace(found, seated=tuple(again)), now)


@usecase(Role.RECEPTION, *MEETING)
def monday_list(uow: UnitOfWork, actor: Actor, command: ADay, now: datetime) -> DayBoard:
    """Return the list again, with a name only if this account has opened the case."""
    day = day_of(uow, actor, command, now)
    return board_of(uow, actor, day, seated_on(uow, day), now)


@usecase(*MEETING)
def agenda(uow: UnitOfWork, actor: Actor, command: ADay, now: datetime) -> Agenda:
    """Return the mayor's day, and the orders due by then. Denied as in `open_monday`."""
    district = district_of(actor, command.district, *MEETING)
    late = late_orders(uow, actor, district, now)
    board, unopened = None, False
    day = day_of(uow, actor, command, now) if command.monday else coming_monday(uow, district, now)
    if day is not None:
        seated = seated_on(uow, day)
        board = board_of(uow, actor, day, seated, now)
        unopened = is_name_unopened(uow, actor, seated.requests, now)
    evening = day_summary(uow, actor, EveningOf(district=district), now)
    return Agenda(
        late=late,
        board=board,
        done=sum(visitor.met for visitor in board.visitors) if board else 0,
        evening=evening,
        unread=uow.unread,
        holds=day is None or holds(actor, day),
        names_unopened=unopened,
        owner=draft_owner(uow, actor, Nothing(), now),
        district=district,
        now=now,
    )


@usecase(*MEETING)
def own_table(_uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> int:
    """Return the district whose Mondays this actor holds; refused for everybody else."""
    return district_of(actor, 0, *MEETING)


def holds(actor: Actor, day: Monday) -> bool:
    """Return whether this actor is the district's mayor, or the deputy who is named for the day."""
    is_mayor = day.district in actor.districts(Role.MAYOR)
    return is_mayor or (day.held_by is not None and day.held_by == actor.account_id)


def day_of(uow: UnitOfWork, actor: Actor, command: ADay, now: datetime, *roles: Role) -> Monday:
    """Return the requested Monday of a district where the actor holds one of these roles.

    Denied("not_found") for any other, Denied("no_monday") while the district has none ahead.
    """
    number = district_of(actor, command.district, *(roles or (Role.RECEPTION, *MEETING)))
    if not command.monday:
        coming = coming_monday(uow, number, now)
        if coming is None:
            raise Denied("no_monday")
        return coming
    day = uow.city.monday(number, parsed(date.fromisoformat, command.monday))
    if day is None:
        raise Denied("not_found")
    return day


def named_day(uow: UnitOfWork, actor: Actor, command: ADay, now: datetime, *roles: Role) -> Monday:
    """Return the Monday of a command, whose page must name the district: `district_named`."""
    district_named(actor, command.district, *(roles or (Role.RECEPTION, *MEETING)))
    return day_of(uow, actor, command, now, *roles)


def coming_monday(uow: UnitOfWork, district: int, now: datetime) -> Monday | None:
    """Return today's Monday or the next open one.

    A new city opens its first Monday only after the coming one.
    """
    ahead = uow.city.mondays(district=district, from_on=tehran_day(now))
    return ahead[0] if ahead else None


def board_of(
    uow: UnitOfWork, actor: Actor, day: Monday, found: SeatedDay, now: datetime
) -> DayBoard:
    """Return the list of a day as this actor may see it.

    The number of statements does not depend on the number of visitors.
    """
    line = line_shown(uow, day, now)
    requests = found.requests
    people = visible_people(uow, actor, requests, tehran_day(now))
    papers = {request.id: paper for request in requests if (paper := _newest_paper(request, day))}
    names = uow.accounts.names({paper.account_id for paper in papers.values() if paper.account_id})
    visitors = tuple(
        _visitor(
            actor,
            day,
            line,
            seat,
            people.get(seat[0].id),
            _from_paper(papers.get(seat[0].id), names),
            now,
        )
        for seat in found.seated
    )
    present = [v for v in visitors if v.stage in IN_HALL or _is_telephone_due(v, day, now)]
    following = min(present, key=lambda v: (v.came_late, v.time), default=None)
    in_room = next((v for v in visitors if v.in_room_since), None)
    today = day.on == tehran_day(now)
    free = tuple(times_free(uow, day))
    return DayBoard(
        monday=day,
        visitors=tuple(
            _given_on(one) if one.missed and one.time not in free else one for one in visitors
        ),
        free=free,
        standby=standbys(uow, actor, AtTheDoor(district=day.district), now) if today else (),
        in_room=in_room,
        next=following,
        now=now,
        unread=uow.unread,
        freed=not visitors and not found.unread and bool(uow.seats.assigned(day.district, day.on)),
        has_new_name=today
        and any(
            actor.account_id not in request.name_seen_by and can_see_name(actor, request, day.on)
            for request in requests
        ),
    )


def _given_on(visitor: Visitor) -> Visitor:
    """Return the line of an absent citizen whose seat a standby has: she comes too late."""
    steps = tuple(step for step in visitor.steps if step.action is not Action.COME_LATE)
    return replace(visitor, is_given_on=True, steps=steps)


def _is_telephone_due(visitor: Visitor, day: Monday, now: datetime) -> bool:
    """Return whether her time has come and she waits at her telephone."""
    waits = visitor.by_telephone and visitor.stage in EXPECTED
    return waits and now >= at_tehran(day.on, visitor.time)


def _visitor(
    actor: Actor,
    day: Monday,
    line: DayLine | None,
    seat: Seated,
    person: Person | None,
    from_paper: FromPaper | None,
    now: datetime,
) -> Visitor:
    request, time, why = seat
    waits = line.of(request.id) if line else None
    here = request.stage in PRESENT
    inside = request.stage in INSIDE
    today = [e for e in standing(request.history) if tehran_day(e.at) == day.on]
    did = {e.action: e.pressed_at for e in today}
    came = request.last(*COMINGS) if here else None
    arrived = next((e for e in reversed(today) if e.action in COMINGS), None)
    late = Action.COME_LATE in did
    by_telephone = is_rung(request)
    return Visitor(
        number=visitor_number(day, time),
        time=time,
        code=request.code,
        stage=request.stage,
        subject=request.subject,
        title=request.title,
        needs=request.needs,
        name=person.name if person else None,
        why=why,
        calls=sum(e.action in CALLS for e in today),
        present_at=did.get(Action.PRESENT),
        called_at=_called_at(today),
        coming_at=did.get(Action.COMING),
        came_at=_came_at(came, day) if came else None,
        arrived_at=_came_at(arrived, day) if arrived else None,
        by_telephone=by_telephone,
        rings=sum(e.action is Action.RING for e in today),
        papers=_papers(request) if here and not by_telephone else (),
        original=_original(request),
        mobile=_mobile(person, day, now) if by_telephone else "",
        is_unproved=person is not None and person.level is Level.TYPED,
        from_paper=from_paper,
        came_late=late,
        in_room_since=did.get(Action.CALL_IN) if inside else None,
        met=bool(did.keys() & {Action.FINISH, Action.FINISH_REFUSED}),
        missed=Action.NO_SHOW in did and not late,
        steps=steps_open_to(actor, request, now),
        absent_from=absent_from(request, request.seat) if request.seat else None,
        entry=line.entry(waits) if line and waits else None,
        is_changed=is_changed(request),
    )


def _papers(request: Request) -> tuple[LaneReason, ...]:
    if request.seat is None or request.seat.lane is None:
        return ()
    return tuple(why for verdict, why in reasons_given(request) if verdict is Verdict.YES)


def _original(request: Request) -> Original | None:
    """Return what was recorded, even on another Monday on which she was not received."""
    last = request.last(Action.CHECK_ORIGINAL)
    return Original(str(last.payload[Need.ORIGINAL.value])) if last else None


def _called_at(today: Sequence[Event]) -> datetime | None:
    last = next((e for e in reversed(today) if e.action in (*_CALLS, *_ENDS_CALLS)), None)
    return None if last is None or last.action in _ENDS_CALLS else last.pressed_at


def _newest_paper(request: Request, day: Monday) -> Event | None:
    return next(
        (
            event
            for event in reversed(request.history)
            if PAPER in event.payload
            and day.on.isoformat() == event.payload.get(NOTED_ON, tehran_day(event.at).isoformat())
        ),
        None,
    )


def _from_paper(newest: Event | None, names: Mapping[str, str]) -> FromPaper | None:
    if newest is None:
        return None
    return FromPaper(names.get(newest.account_id or "", ""), newest.role, newest.at)


def _mobile(person: Person | None, day: Monday, now: datetime) -> str:
    is_hers = person is not None and person.mobile and day.on == tehran_day(now)
    return local_mobile(person.mobile) if is_hers and person and person.mobile else ""


def _came_at(came: Event, day: Monday) -> datetime:
    """Return when she came; by the paper if it was entered from one."""
    return at_tehran(day.on, str(came.payload[PAPER])) if PAPER in came.payload else came.at
