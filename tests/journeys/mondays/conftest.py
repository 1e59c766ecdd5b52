"""Journeys that begin on a Monday at nine; each test has a district of its file's served city.

A citizen of the district is in the mayor's room (`support/monday_city.py`).
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from support.monday_city import begin_on_monday
from support.served_city import Served, served_city
from towns import nothing_failed_in

from publicmeeting.application import Application
from publicmeeting.domain.records import RequestLine
from publicmeeting.domain.stages import Stage
from publicmeeting.store.lifecycle.lists import Filter


@pytest.fixture(scope="module")
def town() -> Iterator[Served]:
    with served_city(begin=begin_on_monday) as served:
        yield served
        nothing_failed_in(served)


@pytest.fixture(scope="module")
def visitors(application: Application) -> list[tuple[int, RequestLine]]:
    """Whoever is in a room, after how many others have a seat there that day; the fewest first."""
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(stages=(Stage.IN_ROOM, Stage.CONFIRMED))
        lines = [line for line in uow.lists.requests(wanted, limit=200) if line.seat]
    inside = [line for line in lines if line.stage is Stage.IN_ROOM]
    monday = inside[0].seat and inside[0].seat.monday
    there = Counter(line.district for line in lines if line.seat and line.seat.monday == monday)
    others = ((there[line.district] - 1, line) for line in inside)
    return sorted(others, key=lambda one: (one[0], one[1].district))


@pytest.fixture
def in_the_room(
    request: pytest.FixtureRequest, visitors: list[tuple[int, RequestLine]]
) -> RequestLine:
    """Take a visitor whom no other test takes; its parameter is how many others at least."""
    least: int = getattr(request, "param", 1)
    taken = next(one for one in visitors if one[0] >= least)
    visitors.remove(taken)
    return taken[1]


@pytest.fixture
def visitor(in_the_room: RequestLine) -> str:
    """The code of the citizen who is in the room."""
    return in_the_room.code


@pytest.fixture
def district(in_the_room: RequestLine) -> int:
    """The visitor's district, in which only this test acts."""
    return in_the_room.district
