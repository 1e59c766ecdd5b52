"""How Mondays were held: by the mayor in person, by a deputy, by both, called off, in silence."""

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


_STATES = {
    "closed": How.CLOSED,
    "not_held": How.SILENT,
    "no_visitors": How.NO_VISITORS,
    "open": How.AHEAD,
}


def held_mondays(uow: UnitOfWork, since: date, until: date) -> tuple[HeldMonday, ...]:
    """Every opened Monday between these days, both counted, of all districts, by day."""
    met = uow.seats.met_by(since)
    return tuple(
        HeldMonday(
            day.district,
            day.on,
            _how(uow, day, met.get((day.district, day.on), {})),
            day.why,
            day.ranges,
        )
        for day in uow.city.mondays(from_on=since)
        if day.on <= until
    )


def _how(uow: UnitOfWork, day: Monday, met: dict[Role, int]) -> How:
    if day.state == "closed" and met:
        return How.CUT_SHORT
    if day.state in _STATES:
        return _STATES[day.state]
    if Role.MAYOR in met and Role.DEPUTY in met:
        return How.BOTH
    if met:
        return How.DEPUTY if Role.DEPUTY in met else How.MAYOR
    return How.DEPUTY if uow.city.held_by_deputy(day) else How.MAYOR
