"""What a use case does must hold on every engine."""

import pytest
from support.databases import Templates


@pytest.fixture
def templates(both_engines: Templates) -> Templates:
    return both_engines
