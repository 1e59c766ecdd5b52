"""The demo city's twelve weeks, seeded in under a minute, with the same result at one address.

The public log is named after the host and port of `PUBLICMEETING_URL`, and the draws depend on the
log. So a city at another address has other winners, and any step may be refused to one of them.
"""

import gc
import random
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context

from publicmeeting.application import Application, open_application
from publicmeeting.config import Settings
from publicmeeting.kit import randomness
from publicmeeting.kit.clock import at_tehran, utc_now
from publicmeeting.media.files import forget_files, open_store
from publicmeeting.notify.outbox import by_day
from publicmeeting.seeder.filing import Filing, Invitations
from publicmeeting.seeder.founding import PASSWORD, add_telephones, found
from publicmeeting.seeder.mondays import Mondays, Sheets, mondays_between
from publicmeeting.seeder.people import citizens
from publicmeeting.seeder.pictures import Pictures, keep_memory
from publicmeeting.seeder.plan import CITY, ENDS, LAST_MONDAY, NOT_HELD, Scope, filings
from publicmeeting.seeder.present_day import (
    add_invited,
    match_some,
    plan_coming,
    plan_slips,
    plan_texts,
)
from publicmeeting.seeder.promises import Briefs, Promises
from publicmeeting.seeder.simulation import Simulation, SimulationClock
from publicmeeting.store.database.engine import sqlite_files
from publicmeeting.store.public_record.newest_note import ENTRIES_FILE, NOTE_FILE
from publicmeeting.usecases.demo import mark_demo

Show = Callable[[str], None]

SEED = 1405
_THINGS = 50_000
"""New objects before a garbage collection; the default is 700."""
_WEEK = timedelta(weeks=1)
_BY_DEPUTY = frozenset({(5, LAST_MONDAY - 2 * _WEEK), (4, LAST_MONDAY - 5 * _WEEK)})


def fill_if_empty(settings: Settings, show: Show) -> None:
    """Seed the city once; see `fill_empty`."""

    def seed(application: Application, clock: SimulationClock) -> None:
        spawned = get_context("spawn")
        with ProcessPoolExecutor(2, spawned, initializer=keep_memory) as composers:
            seed_city(application, clock, CITY, composers, settings.public_url, show)

    fill_empty(settings, at_tehran(CITY.first, "07:00"), seed)


def fill_empty(
    settings: Settings, begins: datetime, seed: Callable[[Application, SimulationClock], None]
) -> None:
    """Seed a city whose clock begins at `begins`, unless the database has a city.

    Raises ValueError outside the demo, because this city's random numbers are predictable.
    """
    if not settings.is_demo:
        msg = "only the demo has this city"
        raise ValueError(msg)
    clock = SimulationClock(begins)
    application = open_application(settings, clock)
    try:
        with application.store.unit_of_work(clock.now, reading=True) as uow:
            if uow.city.districts():
                return
        seed(application, clock)
        _begin(application, settings)
    finally:
        application.store.close()


def _begin(application: Application, settings: Settings) -> None:
    """Let the demo's clock run from now on."""
    start = settings.clock or ENDS
    _send(application)
    with application.store.unit_of_work(utc_now()) as uow:
        mark_demo(uow, start)
        uow.clockwork.set_offset(start - utc_now())
    add_invited(application)


def _send(application: Application) -> None:
    """Mark waiting notices as sent by day, or put them on the desk's list."""
    with application.store.unit_of_work(application.clock()) as uow:
        uow.outbox.hand_all_to_desk()
        uow.outbox.mark_all_sent(by_day)


def seed_city(
    application: Application,
    clock: SimulationClock,
    scope: Scope,
    composers: Executor,
    public_url: str,
    show: Show,
) -> Simulation:
    """Seed everything until the end of the seeded weeks; the same for one scope and address."""
    with dealt(SEED + 1):  # with a seed of its own, so that the rest of the city is unchanged
        add_telephones(application)
    with dealt():
        drawing = composers if scope.pictures else None
        pictures = Pictures(application.images, application.originals, drawing)
        show("districts, units and officials")
        staff = found(application, scope)
        simulation = Simulation(application, clock, random.Random(SEED))
        simulation.act()  # the first Mondays open with the city
        people = iter(citizens(simulation.rng, scope.requests))
        filing = Filing(simulation, staff, pictures, people)
        promises = Promises(simulation, staff, pictures)
        sheets = Sheets(simulation, pictures, composers, public_url)
        sheets.sign(staff)
        mondays = Mondays(simulation, staff, filing, promises, sheets)
        mondays.not_held.add(NOT_HELD)
        mondays.by_deputy.update(one for one in _BY_DEPUTY if one[0] in scope.busy)
        simulation.after_acting.append(Invitations(simulation, filing, scope.busy).answer)
        simulation.after_acting.append(Briefs(simulation, staff, filing, scope.busy).consider)
        plan_texts(simulation, staff, scope)
        for planned in filings(simulation.rng, scope):
            simulation.plan(planned.at, partial(filing.file, planned))
        for monday in mondays_between(scope.first, LAST_MONDAY):
            mondays.hold(monday)
        for week in range(1, scope.weeks + 1):
            simulation.run_until(min(at_tehran(scope.first + week * _WEEK), ENDS))
            _send(application)  # a citizen whose notice has not gone is not silent
            show(f"week {week} of {scope.weeks}: {len(filing.cases)} requests")
        simulation.run_until(ENDS)
        plan_coming(simulation, staff, filing)
        simulation.run_until(ENDS)
        match_some(application)
        plan_slips(simulation, staff, scope.busy)
        simulation.run_until(ENDS)
    return simulation


@contextmanager
def dealt(seed: int = SEED) -> Iterator[None]:
    """Make random numbers repeatable inside the block."""
    with randomness.repeated(seed), _rare_collection():
        yield


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Collect garbage rarely: the simulation makes millions of small objects without cycles.

    The default threshold costs a fifth of its time.
    """
    usual = gc.get_threshold()
    gc.set_threshold(_THINGS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def reset(settings: Settings) -> None:
    """Delete the demo's city: database, pictures, and the signed notes of its log."""
    forget_files(open_store(settings.data_dir, settings.s3))
    for file in sqlite_files(settings.database_url):
        file.unlink(missing_ok=True)
    for name in (NOTE_FILE, ENTRIES_FILE):
        (settings.data_dir / name).unlink(missing_ok=True)


def sign_ins() -> list[str]:
    """Return the demo's accounts, for the console."""
    return [
        f"officials: desk6, reception6, mayor6, unit6, phone1, overseer, admin, admin2; password {PASSWORD}",
        "citizens: any mobile; the code appears in the demo bar",
    ]
