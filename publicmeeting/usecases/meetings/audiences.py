"""Audiences outside the line: the district's office states in public how many there were.

Nobody can count them in the mayor's place, so the figure is a statement, and its absence is shown
too. A Monday without a statement by the end of Tuesday is marked on every page that shows it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import is_meeting_monday
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.officials.audit import OfficeAct
from publicmeeting.domain.records import Monday
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.kit.clock import at_tehran, end_of_day, tehran_day
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id, place_of
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import Entry
from publicmeeting.usecases.base import Command, Nothing, usecase
from publicmeeting.usecases.lifecycle.case_access import district_of
from publicmeeting.usecases.lifecycle.weeks import week_of

MOST = 200
"""Maximum audiences of one day; a larger number is a typing error."""
WEEKS = 4
"""How many weeks back a statement about a Monday may be made."""
_DAY = timedelta(days=1)
_NOON = "12:00"
_WHO = (Role.RECEPTION, *MEETING)


@dataclass(frozen=True, slots=True)
class Statement:
    """The newest statement about one Monday of one district."""

    seq: int
    count: int
    late: bool
    """Whether it was made after the end of Tuesday."""
    corrected: bool


@dataclass(frozen=True, slots=True)
class MondayStatement:
    """A Monday whose meetings are over, and its statement; `due_at` is Tuesday's end."""

    on: date
    due_at: datetime
    statement: Statement | None
    may_state: bool = True
    """Whether this account may make or correct the statement."""


@dataclass(frozen=True, slots=True)
class MyMondays:
    district: int
    mondays: tuple[MondayStatement, ...]
    """Newest first."""
    now: datetime


class StateAudiences(Command):
    """A statement of audiences. `corrects` is the log entry it replaces; empty for the first one.

    `district` is the one whose page was used, so that a public statement reaches no other.
    """

    district: str
    monday: str
    count: str
    corrects: str = ""


@usecase(*_WHO)
def state_audiences(
    uow: UnitOfWork, actor: Actor, command: StateAudiences, now: datetime
) -> Statement:
    """State how many were received outside the line on one Monday of the actor's district.

    0 is a statement too. Raises Invalid `audiences_number`, `audiences_most`; Denied
    `monday_unknown`; `audiences_early` before the meetings are over; `audiences_old`;
    `audiences_stated` if there is a statement that this one does not correct;
    `audiences_not_yours`. Only the mayor, or the deputy who held the day, corrects a statement made
    in the mayor's name. Reception makes only the first one; otherwise anybody made a reception
    overnight would have the last word in her name.
    """
    day = _named(uow, actor, command)
    count = _number(command.count)
    if now < _over_at(uow, day):
        raise Denied("audiences_early")
    if tehran_day(now) > day.on + timedelta(weeks=WEEKS):
        raise Denied("audiences_old")
    draw = draw_id(day.district, day.on)
    uow.advisory_lock(f"audiences/{draw}")
    stated = newest_statements(
        uow.log.of_monday(Kind.AUDIENCE_OFF_SYSTEM, day.on, day.district)
    ).get(draw)
    if ascii_digits(command.corrects) != (str(stated.seq) if stated else ""):
        raise Denied("audiences_stated")
    if not _may_state(actor, day, is_stated=stated is not None):
        raise Denied("audiences_not_yours")
    body: dict[str, object] = {
        "draw": draw,
        "count": count,
        "by": _statement_owner(actor, day.district).value,
        "corrects": stated.seq if stated else 0,
    }
    entry = uow.log.append(Kind.AUDIENCE_OFF_SYSTEM, body, now)
    uow.account_events.add_act(OfficeAct.AUDIENCES_STATED, actor.account_id, day.on, day.district)
    uow.publish(f"district:{day.district}", "draws")
    return newest_statements([entry])[draw]


@usecase(*_WHO)
def my_mondays(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> MyMondays:
    """Return the Mondays of the actor's district about which a statement may still be made."""
    district = district_of(actor, 0, *_WHO)
    since = tehran_day(now) - timedelta(weeks=WEEKS)
    days = [
        day
        for day in uow.city.mondays(district=district, from_on=since)
        if is_meeting_monday(day.on) and day.on <= tehran_day(now) and _over_at(uow, day) <= now
    ]
    stated = newest_statements(
        uow.log.of_kind(Kind.AUDIENCE_OFF_SYSTEM, now - timedelta(weeks=WEEKS + 1))
    )
    found = []
    for day in reversed(days):
        newest = stated.get(draw_id(district, day.on))
        may_state = _may_state(actor, day, is_stated=newest is not None)
        found.append(MondayStatement(day.on, due_at(day.on), newest, may_state))
    return MyMondays(district, tuple(found), now)


def due_at(monday: date) -> datetime:
    """Return when a Monday without a statement is marked as lacking one."""
    return end_of_day(monday + _DAY)


def newest_statements(entries: Iterable[Entry]) -> dict[str, Statement]:
    """Map draw id to its newest statement, from log entries in their order."""
    found: dict[str, Statement] = {}
    for entry in entries:
        draw = str(entry.body["draw"])
        late = datetime.fromisoformat(entry.at) >= due_at(place_of(draw)[1])
        found[draw] = Statement(
            entry.seq, int(entry.body["count"]), late, bool(entry.body.get("corrects"))
        )
    return found


def _named(uow: UnitOfWork, actor: Actor, command: StateAudiences) -> Monday:
    try:
        number, on = int(command.district), date.fromisoformat(command.monday)
    except ValueError:
        raise Denied("monday_unknown") from None
    if not number:
        raise Denied("monday_unknown")
    day = uow.city.monday(district_of(actor, number, *_WHO), on)
    if day is None or not is_meeting_monday(on):
        raise Denied("monday_unknown")
    return day


def _may_state(actor: Actor, day: Monday, *, is_stated: bool) -> bool:
    if day.district in actor.districts(Role.MAYOR):
        return True
    if day.district in actor.districts(Role.DEPUTY) and day.held_by == actor.account_id:
        return True
    return not is_stated and day.district in actor.districts(Role.RECEPTION)


def _over_at(uow: UnitOfWork, day: Monday) -> datetime:
    """Return the end of the last meeting; noon on a day without meetings."""
    return week_of(uow, day.on).closes_at(day.seats) if day.seats else at_tehran(day.on, _NOON)


def _number(text: str) -> int:
    typed = "".join(ascii_digits(text).split())
    if not typed.isascii() or not typed.isdecimal():
        raise Invalid("audiences_number", field="count")
    if len(typed) > len(str(MOST)) or int(typed) > MOST:
        raise Invalid("audiences_most", field="count", limit=MOST)
    return int(typed)


def _statement_owner(actor: Actor, district: int) -> Role:
    """Return whose statement it is: a deputy's own, else the mayor's, also by reception."""
    is_deputy = district in actor.districts(Role.DEPUTY)
    return Role.DEPUTY if is_deputy and district not in actor.districts(Role.MAYOR) else Role.MAYOR
