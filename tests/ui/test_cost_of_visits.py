"""Database queries of an ordinary page when it opens.

Hundreds look at their own pages on a Monday, and again after each of their steps.
"""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bench.visits import load
from support.citizens import own_visit
from support.city import open_application
from support.clock import FixedClock
from support.databases import Templates
from support.hall import Guest, Hall, prepare
from support.plans import asked, statements_sent
from support.staff_tab import Tab, do

from publicmeeting import application as offices
from publicmeeting.domain.people import Door
from publicmeeting.domain.stages import Action
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database import recent
from publicmeeting.ui import routes
from publicmeeting.ui.citizen.mine import MineState
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.shell.session import Session
from publicmeeting.usecases.filing.receipts import paper_mark

TO_LOOK, MINE, CASE = 4, 26, 34
"""Most statements; they were 51 and 44 when each message read its case and the log again."""


@pytest.fixture(autouse=True)
def _slow_machines_are_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the cache of one second never expire.

    On a slow machine it would expire between two statements that are counted here.
    """
    monkeypatch.setattr(recent, "OLDEST", timedelta(hours=1))


@pytest.fixture
def statements(hall: Hall) -> Iterator[list[str]]:
    with statements_sent(hall.application.store) as sent:
        yield sent


@pytest.fixture
def tab(hall: Hall) -> Tab:
    application, guest = hall.application, hall.guests[0]
    with application.store.unit_of_work(hall.clock()) as uow:
        person = uow.people.get(guest.request.person_id)
        session = uow.sessions.open_proved(None, person.id, person.mobile, Door.DEMO)
    return Tab(application, keys=Keys(session, own_visit(application, "hers")))


def opened(tab: Tab, kind: Any, statements: list[str]) -> int:
    """Return how many statements the second view of a page takes; the first one reads more."""
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
    assert not any("FROM request WHERE request.code" in statement for statement in statements)
    assert sum("FROM log_head" in statement for statement in statements) <= 1


SEATS = tuple(f"{9 + at // 4:02d}:{at % 4 * 15:02d}" for at in range(12))
MAYOR, MAYOR_FIRST, RECEPTION = 53, 96, 57
"""Most statements; with twelve seats they were 223 and 96 when each was read by itself."""


@pytest.fixture(params=[4, 12])
def full(
    request: pytest.FixtureRequest, templates: Templates, tmp_path: Path, clock: FixedClock
) -> Iterator[Hall]:
    """Monday, 9:00: this many hold a seat, three have come, and one of them is in the room."""
    many, folder = request.param, tmp_path / "template"
    url = templates.copy(
        f"monday_of_{many}", lambda made: prepare(made, folder, SEATS[:many], many)
    )
    application = open_application(url, tmp_path / "images", clock)
    before = list(offices._in_use)
    offices.use(application)
    hall = Hall(application, clock)
    for guest in hall.guests[:3]:
        hall.arrive(guest)
    hall.act("mayor", hall.guests[0], Action.CALL_IN)
    yield hall
    offices._in_use[:] = before
    application.store.close()
    templates.drop(url)


def opening(hall: Hall, username: str, route: str) -> int:
    """Return how many statements everything that this page loads takes."""
    page = next(one for one in routes.PAGES if one.path == route)
    tab = Tab(hall.application, username)
    tab.go(f"{route}/")
    with asked(hall.application.store.engine) as sent:
        asyncio.run(load(tab, [Session.load, *page.on_load]))
    return len(sent)


def test_a_mayors_day_costs_the_same_with_four_visitors_and_with_twelve(full: Hall) -> None:
    assert opening(full, "mayor", "/mayor") <= MAYOR_FIRST
    assert opening(full, "mayor", "/mayor") <= MAYOR


def test_the_mark_on_a_sheet_costs_the_same_however_often_the_log_names_her(hall: Hall) -> None:
    """A mayor's page reads it again each minute."""
    hall.met(hall.guests[0])

    def cost(guest: Guest) -> tuple[int, int]:
        ticket, store = guest.request.ticket, hall.application.store
        with store.unit_of_work(hall.clock(), reading=True) as uow:
            entries = len(uow.log_index.of_ticket(ticket))
            paper_mark(uow, ticket)
            with asked(store.engine) as sent:
                paper_mark(uow, ticket)
        return entries, len(sent)

    (more, of_more), (fewer, of_fewer) = map(cost, hall.guests[:2])
    assert (more > fewer, of_more) == (True, of_fewer)


def test_a_receptions_day_costs_the_same_with_four_visitors_and_with_twelve(full: Hall) -> None:
    opening(full, "reception", "/monday")
    assert opening(full, "reception", "/monday") <= RECEPTION


def test_a_case_of_hers_costs_some_dozens(
    hall: Hall, tab: Tab, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = hall.guests[0]
    monkeypatch.setattr("publicmeeting.ui.citizen.timeline.forms.code_of", lambda _: guest.code)
    tab.go(f"/mine/{guest.code}/")
    assert opened(tab, TimelineState, statements) <= CASE
    assert tab.state(TimelineState).case.head.code == guest.code
