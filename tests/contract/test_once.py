"""A copied walk (`support/once.py`) leaves the same city as walking again."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from support import once as copying
from support.citizens import citizen, file, someone
from support.city import FEW, City, found, open_application
from support.clock import FixedClock
from support.databases import SqliteTemplates
from support.hall import Hall, open_hall
from support.once import once, walk_always

from publicmeeting.application import Application
from publicmeeting.domain.stages import Stage
from publicmeeting.store.lifecycle.lists import Filter

Opens = Callable[[], Application]


@pytest.fixture
def opens(sqlite_templates: SqliteTemplates, tmp_path: Path) -> Iterator[Opens]:
    """`opens()` is an application over a new copy of the city, with its own clock and phone."""
    opened = list[tuple[Application, str]]()

    def one() -> Application:
        url = sqlite_templates.copy(f"city_{len(FEW)}", lambda new: found(new, tmp_path / "new"))
        application = open_application(url, tmp_path / str(len(opened)) / "images", FixedClock())
        opened.append((application, url))
        return application

    yield one
    for application, url in opened:
        application.store.close()
        sqlite_templates.drop(url)


def codes(application: Application) -> set[str]:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return {request.code for request in uow.lists.requests(Filter(), limit=100)}


def test_steps_that_several_begin_with_are_walked_once_and_so_are_those_after_them(
    opens: Opens,
) -> None:
    walked = list[int]()

    def files(application: Application, number: int) -> str:
        def walk() -> str:
            walked.append(number)
            application.clock.forward(minutes=1)
            return file(application, someone(number)).code

        return once(application, ("files", number), walk)

    cities = [opens() for _ in range(4)]
    told = [[files(city, 7), files(city, 8), files(city, 9)] for city in cities]
    assert walked == [7, 8, 9]
    assert told[0] == told[1] == told[2] == told[3]
    assert all(codes(city) == set(three) for city, three in zip(cities, told, strict=True))
    assert len({tuple(city.phone.sent) for city in cities}) == 1
    assert cities[0].phone.sent
    assert {city.clock() - FixedClock()() for city in cities} == {timedelta(minutes=3)}


def test_what_was_done_before_is_neither_undone_nor_taken_for_something_else(opens: Opens) -> None:
    def files(application: Application) -> str:
        return once(application, ("one",), lambda: file(application, someone(11)).code)

    first, second = opens(), opens()
    files(first)
    before = file(second, someone(12)).code
    then = files(second)
    assert codes(second) == {before, then}


@pytest.mark.parametrize("why", ["replaced", "listening", "thread", "counted"])
def test_whoever_would_notice_walks(
    opens: Opens, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    walked = list[str]()

    def walks(application: Application) -> None:
        once(application, ("noticed", why), lambda: walked.append(citizen(application).visit))

    walks(opens())
    walks(opens())
    assert len(walked) == 1
    other = opens()
    if why == "replaced":
        monkeypatch.setattr(other.phone, "send", other.phone.send)
        walks(other)
    elif why == "listening":
        other.pubsub._waiting["a page"] = {(None, None)}
        walks(other)
    elif why == "counted":
        walk_always()
        walks(other)
        copying._counts_statements = False
    else:
        beside = Thread(target=walks, args=(other,))
        beside.start()
        beside.join()
    assert len(walked) == 2


def test_a_meeting_that_is_copied_is_the_one_that_was_held(
    sqlite_templates: SqliteTemplates, tmp_path: Path
) -> None:
    def held() -> tuple[object, ...]:
        with open_hall(sqlite_templates, tmp_path, FixedClock()) as hall:
            hall: Hall
            inside, met = hall.guests[:2]
            hall.receive(inside)
            hall.finish(inside, outcome="refused", note="این کار با طرح تفصیلی نمی‌خواند.")
            orders = hall.met(met)
            assert met.orders == orders
            assert met.request.stage is Stage.FOLLOW_UP
            assert City(hall.application).as_("mayor") == hall.as_("mayor")
            return inside.request.stage, met.code, [order.text for order in orders]

    assert held() == held() == held()
