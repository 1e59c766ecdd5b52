"""What an official has typed in a long form stays hers: in another tab, and after a sign-in."""

import asyncio
from typing import Any

import pytest
import sqlalchemy
from support.city import THREE
from support.each import for_each
from support.line import MONDAY, Line
from support.staff_tab import Tab, do

from publicmeeting.ui.city.calendar import CalendarState
from publicmeeting.ui.city.rules import MakeRulesState
from publicmeeting.ui.shell.typed import TypedFormState
from publicmeeting.ui.staff.texts.state import TextsState

ROWS = sqlalchemy.text("SELECT count(*) FROM draft")
FORMS: dict[str, tuple[type[TypedFormState], str, str, str]] = {
    "/district/": (TextsState, "desk", "bring", "کارت ملی و فیش"),
    "/city/rules/": (MakeRulesState, "administrator", "access", "۳"),
    "/city/calendar/": (CalendarState, "administrator", "monday", MONDAY.isoformat()),
}


@pytest.fixture
def districts() -> tuple[int, ...]:
    return THREE


def opened(line: Line, address: str, username: str) -> Any:
    return Tab(line.city.application, username).opens(FORMS[address][0], address)


def run(state: Any, event: Any, *sent: Any) -> None:
    asyncio.run(do(state, event, *sent))


def keeps(state: Any, name: Any, text: str) -> None:
    run(state, type(state).keep, name, text, state.form_turn)


def test_another_tab_of_its_writer_shows_what_was_typed_and_nobody_elses(line: Line) -> None:
    def check(address: str) -> None:
        kind, hers, name, text = FORMS[address]
        tab = opened(line, address, hers)
        first = tab.filled[name]
        assert not tab.is_found
        keeps(tab, name, text)
        assert tab.filled[name] == text
        if kind is TextsState:
            assert opened(line, address, "second_desk").filled[name] == first
        again = opened(line, address, hers)
        assert (again.filled[name], again.is_found) == (text, True)
        turn = again.form_turn
        run(again, kind.start_over)
        run(again, kind.keep, name, text, turn)  # a pause in typing has ended since
        assert (again.filled[name], again.is_found) == (first, False)
        assert opened(line, address, hers).filled[name] == first

    for_each(FORMS, check)


def test_a_field_that_was_emptied_comes_back_empty_and_one_put_back_is_not_stored(
    line: Line,
) -> None:
    tab = opened(line, "/district/", "desk")
    hall = tab.filled["hall"]
    keeps(tab, "hall", "")
    assert opened(line, "/district/", "desk").filled["hall"] == ""
    keeps(tab, "hall", hall)
    assert not opened(line, "/district/", "desk").is_found


def test_only_fields_of_the_form_are_stored(line: Line) -> None:
    tab = opened(line, "/district/", "desk")
    for name, text in (("password", "x"), (None, "x"), ("hall", "ا" * 30_000)):
        keeps(tab, name, text)
    assert not opened(line, "/district/", "desk").is_found


def test_a_form_that_was_sent_is_no_draft_any_more(line: Line) -> None:
    desk = opened(line, "/district/", "desk")
    keeps(desk, "bring", "کارت ملی")
    form = {**desk.filled, "hours": "۸ تا ۱۴", "from_on": desk.shown.days[0].value}
    run(desk, TextsState.preview, form)
    assert opened(line, "/district/", "desk").is_found, "comparing sends nothing"
    run(desk, TextsState.propose)
    assert desk.shown.waiting.is_own
    assert not opened(line, "/district/", "desk").is_found
    admin = opened(line, "/city/calendar/", "administrator")
    keeps(admin, "reason", "pollution")
    command = {"monday": MONDAY.isoformat(), "district": "6", "reason": "pollution"}
    run(admin, CalendarState.preview, command)
    run(admin, CalendarState.close)
    assert admin.done
    assert not opened(line, "/city/calendar/", "administrator").is_found


def test_a_form_of_two_districts_is_stored_for_each(line: Line) -> None:
    tab = opened(line, "/district/", "desk")
    keeps(tab, "hall", "سالن آفتاب")
    other = Tab(line.city.application, "desk").opens(TextsState, "/district/?district=6")
    assert other.filled["hall"] == "سالن آفتاب", "the first district, by its number"


def test_an_official_stores_nothing_for_districts_that_are_not_hers(line: Line) -> None:
    """Each would be a row of its own, of which a raw socket could send any number."""
    tab = Tab(line.city.application, "desk")
    state = tab.opens(TextsState, "/district/")
    keeps(state, "hall", "سالن آفتاب")
    with line.reading() as uow:
        before = uow.session.execute(ROWS).scalar()
    for district in (4, 23, 10**9):
        state = tab.opens(TextsState, f"/district/?district={district}")
        keeps(state, "hall", f"سالن {district}")
    with line.reading() as uow:
        assert uow.session.execute(ROWS).scalar() == before
