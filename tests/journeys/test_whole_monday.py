"""A whole Monday of twelve seats, served by one process over SQLite."""

from collections.abc import Iterator

import pytest
from person import Meet
from support.served_city import Served
from support.whole_monday import WholeMonday, whole_monday
from whole_monday_steps import NEEDS, passes


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeMonday]:
    with whole_monday(tmp_path_factory.mktemp("monday") / "day", NEEDS) as served:
        yield served


@pytest.fixture(scope="module")
def town(day: WholeMonday) -> Iterator[Served]:
    yield day.served
    log = day.log.read_text(encoding="utf-8")
    assert "Traceback" not in log, log


def test_a_whole_monday(day: WholeMonday, meet: Meet) -> None:
    passes(day, meet)
