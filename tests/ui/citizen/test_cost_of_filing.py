"""Database queries of a whole filing: the four steps of a request, from opening to the receipt.

Hundreds file in the same hour, and each of them costs what one visit costs.
"""

import asyncio
from typing import Any

import pytest
import sqlalchemy
from support.citizens import citizen, own_visit, someone
from support.city import City
from support.staff_tab import Tab, do

from publicmeeting.application import Application
from publicmeeting.ui.citizen.request.state import GOES_TO, BookingState
from publicmeeting.ui.shell.demo import DemoState, see_clock

HERSELF = someone(77)
TO_OPEN, TO_CHOOSE, TO_LEAVE = 2, 11, 3
"""Most statements.

The first visitor of a second who chooses a district also computes its expectation.
"""
TO_FILE = {"postgresql": 11, "sqlite": 20}
"""PostgreSQL gets what is written as two statements."""


@pytest.fixture
def wizard(application: Application, city: City) -> tuple[BookingState, Tab]:
    tab = Tab(
        application, keys=citizen(application, HERSELF.mobile, visit=own_visit(application, "cost"))
    )
    return tab.state(BookingState), tab


class StatementCount:
    """Counts the statements of each handler."""

    def __init__(self, application: Application) -> None:
        self.statements: list[str] = []
        sqlalchemy.event.listen(application.store.engine, "before_cursor_execute", self._note)

    def _note(self, *event: Any) -> None:
        if not event[2].startswith("SELECT fact."):  # the demo's clock, asked once a second
            self.statements.append(event[2])

    def by(self, state: Any, handler: Any, *arguments: Any) -> tuple[int, Any]:
        before = len(self.statements)
        after = asyncio.run(do(state, handler, *arguments))
        return len(self.statements) - before, after


@pytest.mark.on_postgresql
def test_a_visit_asks_the_database_a_few_times(
    wizard: tuple[BookingState, Tab], application: Application
) -> None:
    state, tab = wizard
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        uow.line_book.await_first_reading()  # as a server does in its first second
    count = StatementCount(application)
    tab.go("/request/")
    opening, _ = count.by(state, BookingState.load)
    choosing, _ = count.by(state, BookingState.choose, 6)
    leaving = []
    text = "سنگ‌فرش پیاده‌رو شکسته است و برای سالمندان خطر دارد."
    matter = {"subject": "street", "title": "پیاده‌روی شکسته", "text": text}
    herself = {
        "kind": "national",
        "identity": HERSELF.identity,
        "name": HERSELF.name,
        "prefers": "any",
    }
    steps = (
        (BookingState.leave_district, {}),
        (BookingState.leave_matter, matter),
        (BookingState.leave_herself, herself),
    )
    for at, (handler, form) in enumerate(steps, 2):
        cost, after = count.by(state, handler, form)
        assert (state.step, after) == (at, GOES_TO[at]), "its answer shows the next step"
        leaving.append(cost)
        tab.go(f"/request/?step={at}")
    assert leaving[0] == 0, "what the tile has read is shown"
    pressing, receipt = count.by(state, BookingState.file)
    assert receipt is not None
    assert opening <= TO_OPEN
    assert choosing <= TO_CHOOSE
    assert max(leaving) <= TO_LEAVE, leaving
    assert pressing <= TO_FILE[application.store.engine.dialect.name]


def test_a_step_that_opens_later_than_a_second_after_its_choice_reads_again(
    wizard: tuple[BookingState, Tab], application: Application
) -> None:
    state, tab = wizard
    count = StatementCount(application)
    asyncio.run(do(state, BookingState.choose, 6))
    application.clock.forward(seconds=1)
    cost, _ = count.by(state, BookingState.leave_district, {})
    assert cost > 0
    tab.go("/request/?step=2")
    cost, _ = count.by(state, BookingState.load)
    assert cost > 0, "nor is a page that was opened again taken for the step that was to open"


def test_what_was_typed_meanwhile_is_read_though_the_step_opens_at_once(
    wizard: tuple[BookingState, Tab], application: Application
) -> None:
    state, tab = wizard
    asyncio.run(do(state, BookingState.choose, 6))
    asyncio.run(do(state, BookingState.keep_field, "title", "جوی گرفته"))
    tab.go("/request/?step=2")
    asyncio.run(do(state, BookingState.load))
    assert state.draft.title == "جوی گرفته"


def test_a_page_is_told_nothing_that_it_knows(
    wizard: tuple[BookingState, Tab], application: Application
) -> None:
    state, tab = wizard
    tab.go("/request/")
    asyncio.run(do(state, BookingState.load))
    root = state._get_root_state()
    root._clean()
    asyncio.run(do(state, BookingState.load))
    assert state.get_delta() == {}


def test_the_demos_bar_asks_nothing_where_the_time_is_known(
    application: Application, city: City
) -> None:
    tab = Tab(
        application, keys=citizen(application, HERSELF.mobile, visit=own_visit(application, "bar"))
    )
    bar = tab.state(DemoState)
    asyncio.run(see_clock(bar))
    count = StatementCount(application)
    asyncio.run(see_clock(bar))
    assert count.statements == []
    assert bar.clock
