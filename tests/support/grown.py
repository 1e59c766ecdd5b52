"""A city that has grown: hundreds of requests, thousands of events and notices."""

from pathlib import Path

from publicmeeting.seeder.fill import seed_large
from publicmeeting.seeder.plan import ENDS
from publicmeeting.seeder.simulation import SimulationClock
from support.city import open_application
from support.databases import Fill


def grown(folder: Path, requests: int) -> Fill:
    """Fills an empty, migrated database with so many requests."""

    def fill(url: str) -> None:
        clock = SimulationClock(ENDS)
        application = open_application(url, folder, clock)
        seed_large(application, clock, requests, lambda _: None)
        application.store.close()

    return fill
