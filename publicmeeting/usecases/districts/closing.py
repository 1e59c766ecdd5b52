"""Closing of a Monday, for the whole city or one district, with a reason from a fixed list.

Closed before its freeze, it is drawn without seats, so that the week counts for everybody
(docs/turns.md 1). Closed later, holders of seats are owed one if they were there or could still
have come. A closed Monday is never reopened, because people have changed their plans.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from publicmeeting.domain.choices import CLOSURES
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.mondays import ON, DrawState, MondayState
from publicmeeting.domain.officials.audit import OfficeAct
from publicmeeting.domain.records import Monday
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import INSIDE
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.base import Command, Nothing, usecase
from publicmeeting.usecases.line.mondays import absent_from, cancel_monday, holders_of, note_unrung

_IN_LOG = "closure"
"""Reason in the log: the city closed it. The Monday's row has the actual reason."""


@dataclass(frozen=True, slots=True)
class CityMonday:
    """One Monday ahead, with all its districts, open or closed."""

    on: date
    days: tuple[Monday, ...]
    holders: int
    """Number of seats held in the whole city."""


@dataclass(frozen=True, slots=True)
class Calendar:
    mondays: tuple[CityMonday, ...]


class CloseMonday(Command):
    """A closure; an empty `district` stands for the whole city."""

    monday: str = ""
    district: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    on: date
    districts: int
    holders: int
    """How many held a seat and are owed one now."""
    numbers: tuple[int, ...] = field(default=(), compare=False)
    """Numbers of the districts."""


@usecase(Role.ADMINISTRATOR)
def city_calendar(uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime) -> Calendar:
    """Return every published Monday that is not over, nearest first."""
    by_day: dict[date, list[Monday]] = {}
    for day in uow.city.mondays(from_on=tehran_day(now)):
        by_day.setdefault(day.on, []).append(day)
    mondays = (
        CityMonday(on, tuple(days), sum(len(uow.seats.held(d.district, on)) for d in days))
        for on, days in sorted(by_day.items())
    )
    return Calendar(tuple(mondays))


@usecase(Role.ADMINISTRATOR)
def close_monday(uow: UnitOfWork, actor: Actor, command: CloseMonday, now: datetime) -> Closed:
    """Close the Monday wherever it is still open, in one transaction.

    A filing meanwhile waits for it. To close the whole city, a page closes one district after
    another. A day that has begun is closed for the visitors who are left; meetings held stay held,
    and a visitor in the room stays there. A district whose last seat has begun is left out.

    Raises Invalid `monday_unknown`, `district_unknown`, `need_reason` with their fields; Denied
    `monday_begun` if the last seat has begun everywhere, `monday_closed` if nothing of it is open.
    """
    # Lock before reading: another process may close or draw it concurrently
    uow.witnesses.lock(_day(command))
    days = _open(uow, command, now)
    held = [uow.seats.held(day.district, day.on).values() for day in days]
    # Rows of all days, before the log
    uow.requests.hold(ids=[key for some in held for key in some])
    holders = sum(close_day(uow, day, command.reason, now) for day in days)
    for day in days:
        act = OfficeAct.MONDAY_CLOSED
        uow.account_events.add_act(act, actor.account_id, day.on, day.district)
    return _closed(days, holders)


@usecase(Role.ADMINISTRATOR)
def preview_closure(uow: UnitOfWork, _actor: Actor, command: CloseMonday, now: datetime) -> Closed:
    """Return what `close_monday` would do now, with the same refusals, without closing."""
    days = _open(uow, command, now)
    return _closed(days, sum(_left(uow, day, now) for day in days))


def _closed(days: list[Monday], holders: int) -> Closed:
    return Closed(days[0].on, len(days), holders, tuple(day.district for day in days))


def _left(uow: UnitOfWork, day: Monday, now: datetime) -> int:
    """Count holders of seats who are not in the room and could still have come."""
    absent = absent_from(uow, day, now)
    holders = holders_of(uow, day.district, day.on)
    return sum(holder.stage not in INSIDE and holder.id not in absent for holder in holders)


def _open(uow: UnitOfWork, command: CloseMonday, now: datetime) -> list[Monday]:
    days = _named(uow, command)
    if command.reason not in CLOSURES:
        raise Invalid("need_reason", field="reason")
    open_ = [day for day in days if day.state in ON and not day.has_ended]
    if not open_:
        begun = any(day.has_ended for day in days)
        raise Denied("monday_begun" if begun else "monday_closed")
    ahead = [day for day in open_ if now < at_tehran(day.on, day.seats[-1])]
    if not ahead:
        raise Denied("monday_begun")
    return ahead


def close_day(uow: UnitOfWork, day: Monday, reason: str, now: datetime) -> int:
    """Close one district's Monday, without a check of rights; return how many are owed a seat."""
    if tehran_day(now) == day.on:
        note_unrung(uow, day, now)
    absent = absent_from(uow, day, now)
    uow.city.set_monday(day.district, day.on, state=MondayState.CLOSED, why=reason)
    draw = uow.draws.get(day.district, day.on)
    if draw is None:
        raise KeyError((day.district, day.on))
    entry = uow.log.append(Kind.MONDAY_CLOSED, {"draw": draw.id, "why": _IN_LOG}, now)
    match draw.state:
        case DrawState.OPEN:
            uow.draws.close(draw)
        case DrawState.DRAWN:
            return cancel_monday(
                uow, day.district, day.on, now, because=entry.seq, why=reason, absent=absent
            )
    # A frozen list is drawn as published; its seats are taken back in the same transaction.
    return 0


def _day(command: CloseMonday) -> date:
    try:
        return date.fromisoformat(command.monday)
    except ValueError:
        raise Invalid("monday_unknown", field="monday") from None


def _named(uow: UnitOfWork, command: CloseMonday) -> list[Monday]:
    days = uow.city.mondays(on=_day(command))
    if not days:
        raise Invalid("monday_unknown", field="monday")
    if not command.district:
        return days
    named = [day for day in days if str(day.district) == command.district]
    if not named:
        raise Invalid("district_unknown", field="district")
    return named
