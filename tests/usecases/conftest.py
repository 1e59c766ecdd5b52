"""Fixtures for use cases, on every engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.city import City
from support.clock import FixedClock
from support.databases import Templates
from support.documents import Documents
from support.hall import Hall, open_hall
from support.line import Citizen, Line

from publicmeeting.usecases.oversight.books import audit_holds, tables_follow, tickets_are_hers


@pytest.fixture
def hall(templates: Templates, tmp_path: Path, clock: FixedClock) -> Iterator[Hall]:
    """Monday, 9:00: three guests with confirmed seats before the door."""
    with open_hall(templates, tmp_path, clock) as hall:
        yield hall


@pytest.fixture
def line(city: City, clock: FixedClock) -> Iterator[Line]:
    """A city whose Mondays are open and whose line is still empty.

    After the test it checks that lists and tables are those that the public log makes. Exceptions
    are what the test has declared: `overlooked` may be found, `expected` must be found.
    """
    line = Line(city, clock)
    yield line
    with line.reading() as uow:
        checks = (audit_holds, tables_follow, tickets_are_hers)
        wrong = [str(found) for check in checks for found in check(uow, clock.now)]
    wrong = [one for one in wrong if not any(word in one for word in line.overlooked)]
    not_declared = [one for one in wrong if not any(word in one for word in line.expected)]
    assert not not_declared, "\n".join(not_declared)
    assert not {word for word in line.expected if not any(word in one for one in wrong)}


@pytest.fixture
def documents(line: Line) -> Documents:
    """Steps of citizens and officers about lanes."""
    return Documents(line)


@pytest.fixture
def asked(line: Line, documents: Documents) -> Citizen:
    """A citizen who has just filed and asked for a lane."""
    (citizen,) = line.file(1, accepted=False)
    documents.ask(citizen)
    return citizen
