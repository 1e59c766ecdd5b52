"""How Mondays were held: by the mayor in person, by a deputy, by both, called off, in silence, or
on paper by the word of whoever held it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from publicmeeting.domain.held import How
from publicmeeting.domain.records import Monday
from publicmeeting.domain.roles import Role
from publicmeeting.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class HeldMonday:
    """`why` is the reason of a closure; empty for every other."""

    district: int
    on: date
    how: How
    why: str = ""
    ranges: tuple[int, int] = (0, 0)
    """As of a Monday: how many ranges were right, of how many that were shown."""
    on_paper: tuple[int, int] = (0, 0)
    """For how many it was noted afterwards that they were met on paper, and how many of them have
    said that it is so."""


_STATES = {
    "closed": How.CLOSED,
    "not_held": How.SILENT,
    "no_visitors": How.NO_VISITORS,
    "open": How.AHEAD,
}


def held_mondays(uow: UnitOfWork, since: date, until: date) -> tuple[HeldMonday, ...]:
    """Every opened Monday between these days, both counted, of all districts, by day."""
    met = uow.seats.met_by(since)
    days = [day for day in uow.city.mondays(from_on=since) if day.on <= until]
    is_any_silent = any(_STATES.get(day.state) is How.SILENT for day in days)
    noted = uow.seats.noted_on_paper(since) if is_any_silent else {}
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
    if day.state == "closed" and met:
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
