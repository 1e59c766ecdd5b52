"""How often an ordinary page asks the database when it opens.

Hundreds look at their own pages on a Monday, again after each step of theirs.
"""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy
from support.citizens import own_visit
from support.hall import Hall
from support.staff_tab import Tab, do

from publicmeeting.domain.identity import Door
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.ui.citizen.mine.state import MineState
from publicmeeting.ui.citizen.timeline.state import TimelineState
from publicmeeting.ui.shell.session import Session

TO_LOOK, MINE, CASE = 4, 26, 34
"""Statements at most; 51 and 44 when each message read its case and the log anew."""


@pytest.fixture
def statements(hall: Hall) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*event: Any) -> None:
        seen.append(event[2])

    engine = hall.application.store.engine
    sqlalchemy.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sqlalchemy.event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def tab(hall: Hall) -> Tab:
    application, guest = hall.application, hall.guests[0]
    with application.store.unit_of_work(hall.clock()) as uow:
        person = uow.people.get(guest.request.person_id)
        session = uow.sessions.open_proved(None, person.id, person.mobile, Door.DEMO)
    return Tab(application, keys=Keys(session, own_visit(application, "hers")))


def opened(tab: Tab, kind: Any, statements: list[str]) -> int:
    """How many statements the second look at a page takes; the first one reads more."""
    for _ in range(2):
        statements.clear()
        asyncio.run(do(tab.state(kind), kind.load))
    return len(statements)


def test_the_frame_costs_a_few(hall: Hall, tab: Tab, statements: list[str]) -> None:
    assert opened(tab, Session, statements) <= TO_LOOK


def test_her_own_page_costs_the_same_however_many_messages_it_shows(
    hall: Hall, tab: Tab, statements: list[str]
) -> None:
    assert opened(tab, MineState, statements) <= MINE
    state = tab.state(MineState)
    assert state.ready
    assert not any("FROM request WHERE request.code" in one for one in statements)
    assert sum("FROM log_head" in one for one in statements) <= 1


def test_a_case_of_hers_costs_some_dozens(
    hall: Hall, tab: Tab, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = hall.guests[0]
    monkeypatch.setattr("publicmeeting.ui.citizen.timeline.state.code_of", lambda _: guest.code)
    tab.go(f"/mine/{guest.code}/")
    assert opened(tab, TimelineState, statements) <= CASE
    assert tab.state(TimelineState).case.head.code == guest.code
