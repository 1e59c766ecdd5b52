"""What an official has typed in a long form stays hers: in another tab, and after a sign-in."""

import asyncio
from typing import Any

import pytest
import sqlalchemy
from support.city import THREE, add_official
from support.each import for_each
from support.line import MONDAY, Line
from support.staff_tab import Tab, do

from publicmeeting.domain.officials.typed_forms import LETTERS_MOST
from publicmeeting.domain.stages import Action
from publicmeeting.ui.city.calendar import CalendarState
from publicmeeting.ui.city.people.state import PeopleState
from publicmeeting.ui.city.rules import MakeRulesState
from publicmeeting.ui.mayor.profile import ProfileState, StockTextState
from publicmeeting.ui.shell.typed import TypedFormState
from publicmeeting.ui.staff.desk.state import DeskState
from publicmeeting.ui.staff.texts.state import TextsState

ROWS = sqlalchemy.text("SELECT count(*) FROM draft")
FORMS: dict[str, tuple[type[TypedFormState], str, str, str]] = {
    "/district/": (TextsState, "desk", "bring", "کارت ملی و فیش"),
    "/city/rules/": (MakeRulesState, "administrator", "access", "۳"),
    "/city/calendar/": (CalendarState, "administrator", "monday", MONDAY.isoformat()),
    "/city/people/": (PeopleState, "administrator", "name", "زهرا کاظمی"),
    "/mayor/profile/": (StockTextState, "mayor", "text", "ظرف یک هفته بازدید شود."),
}


@pytest.fixture
def districts() -> tuple[int, ...]:
    return THREE


@pytest.fixture
def two_desks(line: Line) -> Tab:
    """The tab of a desk of districts 5 and 6."""
    roles = ("desk", 5, None), ("desk", 6, None)
    add_official(line.city.application, "two_desks", *roles)
    return Tab(line.city.application, "two_desks")


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


def test_an_invitation_and_a_stock_text_empty_their_forms_once_they_are_stored(line: Line) -> None:
    admin = opened(line, "/city/people/", "administrator")
    keeps(admin, "name", "زهرا کاظمی")
    run(admin, PeopleState.invite, {"name": "زهرا کاظمی", "username": ""})
    assert opened(line, "/city/people/", "administrator").filled["name"], "it was refused"
    who = {"name": "زهرا کاظمی", "username": "kazemi"}
    run(admin, PeopleState.invite, {**who, "role": "desk", "district": "6"})
    assert (admin.filled["name"], admin.errors, bool(admin.done)) == ("", {}, True)
    assert not opened(line, "/city/people/", "administrator").is_found
    tab = Tab(line.city.application, "mayor")
    text, profile = (
        tab.opens(StockTextState, "/mayor/profile/"),
        tab.opens(ProfileState, "/mayor/profile/"),
    )
    keeps(text, "title", "بازدید")
    form = {"title": "بازدید", "text": "ظرف یک هفته بازدید شود."}
    assert asyncio.run(do(profile, ProfileState.keep_text, {**form, "text": ""})) is None
    assert asyncio.run(do(profile, ProfileState.keep_text, form)) == StockTextState.start_over
    run(text, StockTextState.start_over)
    assert text.filled["title"] == ""
    assert not opened(line, "/mayor/profile/", "mayor").is_found


def test_a_form_of_two_districts_is_stored_for_each(line: Line) -> None:
    tab = opened(line, "/district/", "desk")
    keeps(tab, "hall", "سالن آفتاب")
    other = Tab(line.city.application, "desk").opens(TextsState, "/district/?district=6")
    assert other.filled["hall"] == "سالن آفتاب", "the first district, by its number"


def test_a_pause_that_ends_after_another_district_was_opened_stores_for_the_one_that_was_left(
    two_desks: Tab,
) -> None:
    state: Any = two_desks.opens(TextsState, "/district/?district=5")
    turn = state.form_turn
    two_desks.opens(TextsState, "/district/?district=6")
    hall = state.filled["hall"]
    two_desks.go("/district/?district=5")
    run(state, TextsState.keep, "hall", "سالن آفتاب", turn)
    assert (state.filled["hall"], state.refused) == (hall, "")
    run(state, TextsState.keep, "hall", "سالن دیگر", turn + 1)
    run(state, TextsState.keep, "password", "x", turn)
    two_desks.go("/district/?district=7")
    run(state, TextsState.keep, "hall", "سالن دیگر", turn)
    two_desks.opens(TextsState, "/district/?district=6")
    assert (state.filled["hall"], state.is_found) == (hall, False)
    two_desks.opens(TextsState, "/district/?district=5")
    assert (state.filled["hall"], state.is_found) == ("سالن آفتاب", True)


def test_what_the_official_before_typed_is_not_stored_for_the_next_one_at_this_tab(
    two_desks: Tab, line: Line
) -> None:
    state: Any = two_desks.opens(TextsState, "/district/?district=6")
    turn = state.form_turn
    two_desks.signs_in("desk")
    two_desks.opens(TextsState, "/district/")
    two_desks.go("/district/?district=6")
    run(state, TextsState.keep, "hall", "سالن آفتاب", turn)
    assert not opened(line, "/district/", "desk").is_found


def test_why_a_proposal_is_refused_stays_typed_for_its_writer_and_this_proposal_only(
    line: Line,
) -> None:
    def proposal(hall: str) -> None:
        desk = opened(line, "/district/", "desk")
        day = {"hours": "۸ تا ۱۴", "from_on": desk.shown.days[0].value}
        run(desk, TextsState.preview, {**desk.filled, "hall": hall, **day})
        run(desk, TextsState.propose)
        assert desk.shown.waiting.is_own

    def types(state: Any, note: str) -> None:
        shown = state.shown
        run(state, TextsState.keep_note, note, shown.waiting.version, shown.district)

    proposal("سالن آفتاب")
    mayor = opened(line, "/district/", "mayor")
    types(mayor, "سالن هنوز آماده نیست.")
    again = opened(line, "/district/", "mayor")
    assert (again.note, again.is_found) == ("سالن هنوز آماده نیست.", False)
    assert opened(line, "/district/", "second_desk").note == ""
    run(opened(line, "/district/", "desk"), TextsState.withdraw, mayor.shown.waiting.version)
    proposal("سالن مهتاب")
    second = opened(line, "/district/", "mayor")
    assert second.note == ""
    types(second, "نام سالن غلط است.")
    run(second, TextsState.refuse, second.shown.waiting.version, {"note": "نام سالن غلط است."})
    assert second.done
    with line.reading() as uow:
        assert uow.session.execute(ROWS).scalar() == 0


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


NOTE = "پلاک و نام کوچه را بنویسید."


def noted(tab: Tab, code: str) -> str:
    """Open a request at the desk, and the question to its citizen; return the note it shows."""
    state = tab.opens(DeskState, f"/desk/?case={code}")
    run(state, DeskState.choose, Action.ASK_INFO)
    return str(state.form.draft)


def test_a_note_about_a_case_outlives_its_tab_for_its_writer_alone_until_it_is_sent(
    line: Line, a_request: Any
) -> None:
    application, code = line.city.application, a_request().code
    tab = Tab(application, "desk")
    assert noted(tab, code) == ""
    run(tab.state(DeskState), DeskState.keep_note, NOTE)
    another = Tab(application, "desk")
    assert noted(another, code) == NOTE
    another.signs_in("second_desk")
    assert noted(another, code) == "", "the next officer at this desk"
    last = Tab(application, "desk")
    assert noted(last, code) == NOTE
    run(last.state(DeskState), DeskState.send, {"note": NOTE})
    assert last.state(DeskState).done
    with line.reading() as uow:
        assert uow.session.execute(ROWS).scalar() == 0


def test_new_notes_take_the_place_of_the_oldest(line: Line, a_request: Any) -> None:
    code, application = a_request().code, line.city.application
    state = Tab(application, "desk").opens(DeskState, f"/desk/?case={code}")
    for old in range(6):
        run(state, DeskState.keep_note, "ا" * (LETTERS_MOST // 5), str(old), "ask_info")
    run(state, DeskState.keep_note, NOTE, code, "ask_info")
    assert noted(Tab(application, "desk"), code) == NOTE
