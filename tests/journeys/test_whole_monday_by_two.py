"""A whole Monday of twelve seats, served by two processes over one PostgreSQL and one Redis."""

from collections.abc import Iterator

import pytest
from person import Meet
from support.served_city import Served
from support.services import services
from support.whole_monday import WholeMonday, whole_monday
from whole_monday_steps import NEEDS, passes


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeMonday]:
    folder = tmp_path_factory.mktemp("monday") / "day"
    with services() as shared:
        more = {"DATABASE_URL": shared.database_url, "REDIS_URL": shared.redis_url}
        with whole_monday(folder, NEEDS, more, processes=2) as served:
            yield served


@pytest.fixture(scope="module")
def town(day: WholeMonday) -> Iterator[Served]:
    yield day.served
    log = day.log.read_text(encoding="utf-8")
    assert "Traceback" not in log, log


def test_a_whole_monday_by_two_processes(day: WholeMonday, meet: Meet) -> None:
    passes(day, meet)
