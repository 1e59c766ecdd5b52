"""Screens are read over a city of their own; on every engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.city import City
from support.clock import FixedClock
from support.databases import Templates
from support.hall import Hall, open_hall
from support.line import Line

from publicmeeting import application as applications


@pytest.fixture(autouse=True)
def _former_application() -> Iterator[None]:
    """Whichever application a test uses, the one before it is in use again afterwards."""
    before = list(applications._in_use)
    yield
    applications._in_use[:] = before


@pytest.fixture
def hall(templates: Templates, tmp_path: Path, clock: FixedClock) -> Iterator[Hall]:
    """Monday, 9:00, three guests with confirmed seats before the door; their application in use."""
    with open_hall(templates, tmp_path, clock) as hall:
        applications.use(hall.application)
        yield hall


@pytest.fixture
def line(city: City, clock: FixedClock) -> Line:
    """A city whose Mondays are open and whose line is still empty."""
    line = Line(city, clock)
    line.worker.tick()
    return line
