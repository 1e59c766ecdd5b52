"""Fixtures for tests of the store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.clock import FixedClock
from support.databases import Templates
from support.grown import REQUESTS, grown_city

from publicmeeting.application import Application


@pytest.fixture
def large(templates: Templates, tmp_path: Path, clock: FixedClock) -> Iterator[Application]:
    """A city of 600 requests (`support/grown.py`), made once a session and then copied."""
    with grown_city(templates, tmp_path, clock, REQUESTS) as application:
        yield application
