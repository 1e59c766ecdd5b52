"""Workers killed by SIGKILL in the middle of draws leave nothing half done."""

import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.city import WHOLE, City, found, open_application
from support.clock import SATURDAY, FixedClock
from support.databases import Templates
from support.files import folder_of
from support.forks import Fork, Forks
from support.line import MONDAY, Line

from publicmeeting.kit.clock import at_tehran
from publicmeeting.turns.log import verify_chain
from publicmeeting.turns.verification import verify

pytestmark = pytest.mark.on_postgresql

WEDNESDAY = MONDAY - timedelta(days=5)
NOON = at_tehran(WEDNESDAY, "20:00")
SEATS = 8
IN_THE_VALUE, AMID_THE_DRAWS = 20, 600
"""Numbers of statements in one tick, which has well over a thousand."""


@pytest.fixture
def line(templates: Templates, tmp_path: Path) -> Iterator[Line]:
    """A city a moment before its draws."""

    def prepare(url: str) -> None:
        found(url, tmp_path / "template", WHOLE)
        clock = FixedClock(SATURDAY)
        before = Line(City(open_application(url, tmp_path / "images", clock)), clock)
        before.worker.tick()
        before.file(SEATS + 3)
        before.until(WEDNESDAY, "19:58")
        before.enter()
        before.city.application.store.close()

    url = templates.copy("before_the_kill", prepare)
    clock = FixedClock(NOON)
    application = open_application(url, tmp_path / "images", clock)
    yield Line(City(application), clock)
    application.store.close()
    templates.drop(url)


@pytest.mark.parametrize("statement", [IN_THE_VALUE, AMID_THE_DRAWS])
def test_two_racing_workers_killed_in_the_middle_draw_exactly_once(
    forks: Forks, line: Line, statement: int
) -> None:
    racing = [_worker(forks, line, statement) for _ in range(2)]
    ends = [fork.wait().code for fork in racing]
    assert -signal.SIGKILL in ends, "whoever held the clock"
    assert set(ends) <= {-signal.SIGKILL, 0}
    # The lease of the killed processes expires, and another one goes on.
    line.clock.forward(minutes=1)
    line.worker.tick()
    drawn = [entry["draw"] for entry in line.entries("draw")]
    assert sorted(drawn) == [line.draw(district=n).id for n in WHOLE]
    assert len(line.entries("reveal")) == 1
    assert len(line.held()) == SEATS
    assert verify(line.draw().file) == ()
    assert verify_chain(line.log()) == ()


def _worker(forks: Forks, line: Line, statement: int) -> Fork:
    url = line.city.application.store.engine.url.render_as_string(hide_password=False)
    arguments = [
        url,
        str(folder_of(line.city.application.files.images)),
        str(int(NOON.timestamp())),
    ]
    return forks.start("support.dying", *arguments, str(statement))
