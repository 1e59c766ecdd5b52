"""Screens are read over a city of their own; on every engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.city import open_application
from support.clock import FixedClock
from support.databases import Templates
from support.hall import Hall, prepare

from publicmeeting import application as applications


@pytest.fixture
def hall(templates: Templates, tmp_path: Path, clock: FixedClock) -> Iterator[Hall]:
    """Monday, 9:00, three guests with confirmed seats before the door; the office in use."""
    url = templates.copy("monday", lambda template: prepare(template, tmp_path / "template"))
    application = open_application(url, tmp_path / "images", clock)
    before = list(applications._in_use)
    applications.use(application)
    yield Hall(application, clock)
    applications._in_use[:] = before
    application.store.close()
    templates.drop(url)
