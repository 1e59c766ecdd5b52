"""How Mondays were held, and the summary of one for the mayor or deputy who held it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.lifecycle.paper import is_paper_open
from publicmeeting.domain.mondays import NOT_RECEIVED, How, MondayState, SeatState
from publicmeeting.domain.records import Monday
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran, end_of_day, tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, usecase
from publicmeeting.usecases.estimate import length_of
from publicmeeting.usecases.lifecycle.case_access import district_of
from publicmeeting.usecases.lifecycle.weeks import week_of
from publicmeeting.usecases.orders.lists import running_orders


@dataclass(frozen=True, slots=True)
class HeldMonday:
    """How one Monday was held; `why` is the reason of a closure, else empty."""

    district: int
    on: date
    how: How
    why: str = ""
    ranges: tuple[int, int] = (0, 0)
    """How many shown ranges were right, and how many were shown."""
    on_paper: tuple[int, int] = (0, 0)
    """How many were recorded afterwards as met on paper, and how many of them confirmed it."""


_STATES = {
    MondayState.CLOSED: How.CLOSED,
    MondayState.NOT_HELD: How.SILENT,
    MondayState.NO_VISITORS: How.NO_VISITORS,
    MondayState.OPEN: How.AHEAD,
}


def held_mondays(uow: UnitOfWork, since: date, until: date) -> tuple[HeldMonday, ...]:
    """Return opened Mondays of all districts from `since` to `until` (both included), by day."""
    met = uow.seats.met_by(since)
    days = [day for day in uow.city.mondays(from_on=since) if day.on <= until]
    noted = uow.seats.noted_on_paper(since)
    return tuple(
        HeldMonday(
            day.district,
            day.on,
            _how(uow, day, met.get((day.district, day.on), {}), noted),
            day.why,
            day.ranges,
            noted.get((day.district, day.on), (0, 0)),
        )
        for day in days
    )


def _how(
    uow: UnitOfWork,
    day: Monday,
    met: dict[Role, int],
    noted: Mapping[tuple[int, date], object],
) -> How:
    if day.state is MondayState.CLOSED and met:
        return How.CUT_SHORT
    if _STATES.get(day.state) is How.SILENT and (day.district, day.on) in noted:
        return How.PAPER
    if day.state in _STATES:
        return _STATES[day.state]
    if Role.MAYOR in met and Role.DEPUTY in met:
        return How.BOTH
    if met:
        return How.DEPUTY if Role.DEPUTY in met else How.MAYOR
    return How.DEPUTY if uow.city.held_by_deputy(day) else How.MAYOR


# Summary of a Monday for its holder, read in the evening and until the next Monday.

_WEEK = timedelta(weeks=1)


class EveningOf(Command):
    """`district` 0 stands for the actor's own."""

    district: int = 0


@dataclass(frozen=True, slots=True)
class DaySummary:
    """Counts of what was recorded on that day."""

    monday: date
    how: How
    why: str
    met: int
    refused: int
    """Of those met: without an order, with an explanation."""
    telephoned: int
    """Of those met: by telephone."""
    missed: int
    left: int
    """Held a seat and were neither met nor absent: owed a seat, or they keep their weeks."""
    orders: int
    average: timedelta | None
    """Average length of a meeting; None if nobody was met."""
    due: int
    """Orders of this district that are due within a week from now."""
    is_paper_open: bool = False
    """Whether meetings on paper can still be recorded."""


@usecase(*MEETING)
def day_summary(
    uow: UnitOfWork, actor: Actor, command: EveningOf, now: datetime
) -> DaySummary | None:
    """Return the summary of today's Monday after its hours, else of the last one.

    None while today's is on, and if the last week had none. Denied("not_found") for another
    district.
    """
    district = district_of(actor, command.district, *MEETING)
    day = _last_over(uow, district, now)
    if day is None:
        return None
    since, until = at_tehran(day.on), end_of_day(day.on)
    seats = uow.seats.day(district, day.on, since, until)
    used = [seat for seat in seats if seat.state is SeatState.USED]
    did = [{event.action for event in seat.done} for seat in used]
    lengths = [length for seat in used if (length := length_of(seat)) is not None]
    held = {
        monday.on: monday
        for monday in held_mondays(uow, day.on, day.on)
        if monday.district == district
    }
    return DaySummary(
        monday=day.on,
        how=held[day.on].how,
        why=day.why,
        met=len(used),
        refused=sum(Action.FINISH_REFUSED in actions for actions in did),
        telephoned=sum(Action.REACH in actions for actions in did),
        missed=sum(seat.state is SeatState.MISSED for seat in seats),
        left=sum(seat.state in NOT_RECEIVED for seat in seats),
        orders=len(uow.orders.issued(district, since, until)),
        average=sum(lengths, timedelta()) / len(lengths) if lengths else None,
        due=_due(uow, district, now),
        is_paper_open=is_paper_open(day.on, tehran_day(now)),
    )


def _last_over(uow: UnitOfWork, district: int, now: datetime) -> Monday | None:
    today = tehran_day(now)
    days = uow.city.mondays(district=district, from_on=today - _WEEK + timedelta(days=1))
    past = [day for day in days if day.on <= today and day.seats]
    return past[-1] if past and _is_over(uow, past[-1], now) else None


def _is_over(uow: UnitOfWork, day: Monday, now: datetime) -> bool:
    return day.has_ended or now >= week_of(uow, day.on).closes_at(day.seats)


def _due(uow: UnitOfWork, district: int, now: datetime) -> int:
    last = tehran_day(now) + _WEEK
    return sum(order.due_on <= last for order in running_orders(uow, district))
