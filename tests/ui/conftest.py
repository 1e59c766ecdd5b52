"""Fixtures for pages, which are read over a city of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.city import City
from support.clock import FixedClock
from support.databases import Templates
from support.hall import Hall, open_hall
from support.line import Line
from support.staff_tab import Tab
from support.walk import WalkedCase

from publicmeeting import application as applications
from publicmeeting.ui.citizen.timeline.page import TimelineState


@pytest.fixture(autouse=True)
def _former_application() -> Iterator[None]:
    """Restore the application in use after each test."""
    before = list(applications._in_use)
    yield
    applications._in_use[:] = before


@pytest.fixture
def hall(templates: Templates, tmp_path: Path, clock: FixedClock) -> Iterator[Hall]:
    """Monday, 9:00: three guests with confirmed seats before the door, their application in use."""
    with open_hall(templates, tmp_path, clock) as hall:
        applications.use(hall.application)
        yield hall


@pytest.fixture
def line(city: City, clock: FixedClock) -> Line:
    """A city whose Mondays are open and whose line is still empty."""
    line = Line(city, clock)
    line.worker.tick()
    return line


@pytest.fixture
def her_page(monkeypatch: pytest.MonkeyPatch) -> Callable[..., TimelineState]:
    """Opens the page of a walked case as its citizen's browser; `query` is part of the address."""

    def open_page(walked: WalkedCase, query: str = "") -> TimelineState:
        # Reflex adds this part of the address to a state only once it has added the page.
        code_of = "publicmeeting.ui.citizen.timeline.forms.code_of"
        monkeypatch.setattr(code_of, lambda _: walked.code)
        tab = Tab(walked.city.application, keys=walked.keys)
        return tab.opens(TimelineState, f"/mine/{walked.code}/{query}")

    return open_page
