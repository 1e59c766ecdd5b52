"""Screens are read over a city of their own; on every engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.city import open_office
from support.clock import FixedClock
from support.databases import Templates
from support.hall import Hall, prepare

from publicmeeting import office as offices


@pytest.fixture
def hall(templates: Templates, tmp_path: Path, clock: FixedClock) -> Iterator[Hall]:
    """Monday, 9:00, three guests with confirmed seats before the door; the office in use."""
    url = templates.copy("monday", lambda template: prepare(template, tmp_path / "template"))
    office = open_office(url, tmp_path / "images", clock)
    before = list(offices._in_use)
    offices.use(office)
    yield Hall(office, clock)
    offices._in_use[:] = before
    office.store.close()
    templates.drop(url)
