"""A city that has grown: hundreds of requests, thousands of events and notices."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.large.fill import seed_large

from publicmeeting.application import Application
from publicmeeting.seeder.plan import ENDS
from publicmeeting.seeder.simulation import SimulationClock
from support.city import open_application
from support.clock import FixedClock
from support.databases import Fill, Templates

REQUESTS = 600
"""Number of requests in the city that tests of the store share."""


def grown(folder: Path, requests: int) -> Fill:
    """Return a function that fills an empty, migrated database with this many requests."""

    def fill(url: str) -> None:
        clock = SimulationClock(ENDS)
        application = open_application(url, folder, clock)
        seed_large(application, clock, requests, lambda _: None)
        application.store.close()

    return fill


@contextmanager
def grown_city(
    templates: Templates, folder: Path, clock: FixedClock, requests: int
) -> Iterator[Application]:
    """Open a copy of the city with this many requests; the clock is at the end of its story."""
    url = templates.copy(f"grown_{requests}", grown(folder / "template", requests))
    clock.now = ENDS
    application = open_application(url, folder / "images", clock)
    yield application
    application.store.close()
    templates.drop(url)
