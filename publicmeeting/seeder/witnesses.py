"""The witnesses of the pretend city: they joined one after the other and have kept their word."""

from datetime import date, timedelta
from functools import partial

from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.hashing import sha
from publicmeeting.seeder.simulation import Simulation
from publicmeeting.turns.formulas import commitment
from publicmeeting.usecases.line.witnesses import Commit, ShowValue, commit, show_value

JOINED = {"council": 5, "press": 8}
"""Party → the index of its first Monday among the seeded ones; before that the city was alone."""
_COMMITS = timedelta(days=8)
_SHOWS = timedelta(days=6)


def attend(simulation: Simulation, witnesses: dict[str, Actor], mondays: list[date]) -> None:
    """Commit on the Sunday of the week before, show the value five minutes after the city."""
    for number, monday in enumerate(mondays, 1):
        for party, first in JOINED.items():
            if number >= first:
                one = (simulation, witnesses[party], party, monday)
                simulation.plan(at_tehran(monday - _COMMITS, "10:00"), partial(_commit, *one))
                simulation.plan(at_tehran(monday - _SHOWS, "20:05"), partial(_show, *one))


def _value(party: str, monday: date) -> str:
    """No secret at all: this city is invented, and is the same each time."""
    return sha("publicmeeting/story", party, monday.isoformat())


def _commit(simulation: Simulation, witness: Actor, party: str, monday: date) -> None:
    promised = commitment(party, _value(party, monday))
    command = Commit(monday=monday.isoformat(), commitment=promised)
    simulation.application.execute_as(witness, commit, command)


def _show(simulation: Simulation, witness: Actor, party: str, monday: date) -> None:
    simulation.act()  # every second list comes first
    command = ShowValue(monday=monday.isoformat(), value=_value(party, monday))
    simulation.application.execute_as(witness, show_value, command)
