"""What a use case does must hold on every engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.city import open_office
from support.clock import FixedClock
from support.databases import Templates
from support.hall import Hall, prepare


@pytest.fixture
def templates(both_engines: Templates) -> Templates:
    return both_engines


@pytest.fixture
def hall(templates: Templates, tmp_path: Path, clock: FixedClock) -> Iterator[Hall]:
    """Monday, 9:00, three guests with confirmed seats before the door."""
    url = templates.copy("monday", lambda template: prepare(template, tmp_path / "template"))
    office = open_office(url, tmp_path / "images", clock)
    yield Hall(office, clock)
    office.store.close()
    templates.drop(url)
