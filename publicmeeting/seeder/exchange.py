"""The pretend exchange of the seeded weeks: the city's administrator types what it printed."""

from datetime import date, timedelta
from functools import partial

from publicmeeting.domain.calendar import is_meeting_monday
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.jalali import iso
from publicmeeting.seeder.simulation import Simulation
from publicmeeting.turns.announced import DEFAULT_RULES
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.late_value import EnterValue, enter_value, value_desk
from publicmeeting.usecases.line.pretend_exchange import printed

_VALUE_DAY = timedelta(days=5)


def enter_values(simulation: Simulation, administrator: Actor, mondays: list[date]) -> None:
    """On the Wednesday before each Monday, ten minutes after the values may be entered."""
    for monday in filter(is_meeting_monday, mondays):
        day = monday - _VALUE_DAY
        at = at_tehran(day, "14:10")
        simulation.plan(at, partial(_enter, simulation, administrator, monday, day))


def _enter(simulation: Simulation, administrator: Actor, monday: date, day: date) -> None:
    seen = simulation.application.query_as(administrator, value_desk, Nothing())
    if seen is None or (seen.monday, seen.day) != (monday, day) or seen.closed_at is None:
        return  # the city had not begun
    command = EnterValue(monday=iso(monday), day=iso(day), value=printed(day, DEFAULT_RULES))
    simulation.application.execute_as(administrator, enter_value, command)
    simulation.act_at(at_tehran(day, "20:00"))
