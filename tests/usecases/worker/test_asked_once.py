"""What the clock asks of the database every second, and after everything it does."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from support.line import MONDAY, WEDNESDAY, Line

from publicmeeting.worker.scheduler import Scheduler


def _asked(line: Line, do: Callable[[], object]) -> Counter[tuple[str, str]]:
    """Statements and values that this sends."""
    asked = Counter[tuple[str, str]]()

    def note(*sent: object) -> None:
        asked[str(sent[2]), str(sent[3])] += 1

    engine = line.city.application.store.engine
    event.listen(engine, "before_cursor_execute", note)
    do()
    event.remove(engine, "before_cursor_execute", note)
    return asked


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        (MONDAY - timedelta(days=8), "12:00"),
        (WEDNESDAY - timedelta(days=1), "12:00"),
        (WEDNESDAY, "12:00"),
    ],
    ids=["before the list", "while it may be objected to", "with the value awaited"],
)
def test_one_look_asks_nothing_twice(line: Line, day: date, hour: str) -> None:
    line.file(3)
    line.until(day, hour)
    assert {one: times for one, times in _asked(line, line.due).items() if times > 1} == {}


def test_a_monday_further_on_costs_no_statement(line: Line) -> None:
    with line.reading() as uow:
        assert len({one.monday for one in uow.draws.pending()}) > 1
    alone = sum(_asked(line, line.due).values())
    line.until(MONDAY - timedelta(days=7), "12:00")
    assert sum(_asked(line, line.due).values()) <= alone


def test_what_is_due_next_is_known_from_the_look_that_found_nothing(line: Line) -> None:
    looked = Scheduler(line.city.application)
    line.until(MONDAY - timedelta(days=8), "12:00")
    one_look = _asked(line, line.due)
    second = _asked(line, looked.run_due)
    assert {one for one in one_look if second[one] > 1 and "BEGIN" not in one[0]} == set()
