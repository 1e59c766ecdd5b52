"""Fills an empty database with a demo city of years, the same for the same number of requests."""

import random
from datetime import timedelta

from bench.large.city import SEATS, LargeCity, first_monday, weeks_of
from bench.large.rows import Rows
from publicmeeting.application import Application
from publicmeeting.config import Settings
from publicmeeting.kit.clock import at_tehran
from publicmeeting.seeder.fill import SEED, Show, dealt, fill_empty
from publicmeeting.seeder.founding import found
from publicmeeting.seeder.plan import CITY, ENDS, Scope
from publicmeeting.seeder.simulation import SimulationClock

_FOUNDED_BEFORE = timedelta(days=22)
"""Time between its founding and its first Monday, which opens three weeks ahead."""


def fill_large(settings: Settings, requests: int, show: Show) -> None:
    """Fill an empty database with a city of this many requests; see `fill_empty`."""

    def seed(application: Application, clock: SimulationClock) -> None:
        seed_large(application, clock, requests, show)

    fill_empty(settings, ENDS, seed)


def seed_large(application: Application, clock: SimulationClock, requests: int, show: Show) -> None:
    """Write years of Mondays into an empty database."""
    scope = Scope(CITY.districts, CITY.busy, weeks_of(requests), requests, pictures=False)
    first = first_monday(requests)
    with dealt():
        show("districts, units and officials")
        clock.now = at_tehran(first - _FOUNDED_BEFORE, "07:00")
        staff = found(application, scope, SEATS, first)
        clock.now = ENDS
        with application.store.unit_of_work(ENDS, reading=True) as uow:
            rules = uow.city.rules_on(first)
        assert rules is not None, "founded without rules"
        city = LargeCity(staff, rules, random.Random(SEED), requests)
        city.live(show)
        show(f"writing {len(city.cases)} requests, {len(city.events)} events")
        with application.store.unit_of_work(ENDS, unhurried=True) as uow:
            Rows(uow, city).write()
        show("what falls due by now")
        application.worker.run_due()
