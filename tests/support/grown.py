"""A city that has grown: hundreds of requests, thousands of events and notices."""

from pathlib import Path

from publicmeeting.samples.fill import tell_large
from publicmeeting.samples.plan import ENDS
from publicmeeting.samples.story import StoryClock
from support.city import open_office
from support.databases import Fill


def grown(folder: Path, requests: int) -> Fill:
    """Fills an empty, migrated database with so many requests."""

    def fill(url: str) -> None:
        clock = StoryClock(ENDS)
        office = open_office(url, folder, clock)
        tell_large(office, clock, requests, lambda _: None)
        office.store.close()

    return fill
