"""Journeys that begin on a Monday at nine; each test has a served city of its own.

A citizen of the district is in the mayor's room (`support/monday_city.py`).
"""

from collections.abc import Iterator

import pytest
from support.monday_city import HALL, begin_on_monday
from support.served_city import Served, served_city
from towns import nothing_failed_in, read_anew

from publicmeeting.application import Application
from publicmeeting.domain.stages import Stage
from publicmeeting.store.lifecycle.lists import Filter


@pytest.fixture
def town() -> Iterator[Served]:
    with served_city(begin=begin_on_monday) as served:
        yield served
        nothing_failed_in(served)


@pytest.fixture
def application(town: Served) -> Iterator[Application]:
    with read_anew(town.settings) as application:
        yield application


@pytest.fixture
def visitor(application: Application) -> str:
    """The code of the citizen who is in the room."""
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(districts=frozenset({HALL}), stages=(Stage.IN_ROOM,))
        (line,) = uow.lists.requests(wanted, limit=2)
    return line.code
