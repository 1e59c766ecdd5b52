"""What the store promises holds on every engine."""

import pytest
from support.databases import Templates


@pytest.fixture
def templates(both_engines: Templates) -> Templates:
    return both_engines
