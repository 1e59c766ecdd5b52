"""Audiences outside the line: an office types the number, everybody reads it."""

import asyncio
from datetime import timedelta

import pytest
from support.each import in_one_city
from support.line import MONDAY, Line
from support.staff_tab import Tab, do

from publicmeeting.application import Application
from publicmeeting.text.common import chrome_text
from publicmeeting.text.meetings import audiences_text
from publicmeeting.text.public_record import ceremony_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.public.ceremony.state import CeremonyState
from publicmeeting.ui.public.rules import RulesState
from publicmeeting.ui.shell.audiences import AudiencesState
from publicmeeting.ui.shell.navigation import Rail

DAY = timedelta(days=1)
ON = MONDAY.isoformat()


def opened(
    application: Application, who: str = "reception", at: str = "/monday/"
) -> AudiencesState:
    return Tab(application, who).opens(AudiencesState, at)


def send(state: AudiencesState, **typed: object) -> None:
    """Send the form that is in sight."""
    its = {
        "district": state.asked.district,
        "monday": state.asked.monday,
        "corrects": state.asked.corrects,
    }
    asyncio.run(do(state, AudiencesState.send, {**its, **typed}))


def of_district(application: Application) -> str:
    """Return what the draw's public page says about district 6."""
    state = Tab(application).opens(CeremonyState, "/ceremony/?monday=1405-09-09")
    asyncio.run(do(state, CeremonyState.choose, 6))
    return state.detail.off_system


def test_before_the_first_monday_is_over_nothing_is_asked(
    line: Line, application: Application
) -> None:
    line.begins(MONDAY, "10:00")
    assert opened(application).lines == []


@pytest.mark.parametrize(("who", "at"), [("reception", "/monday/"), ("mayor", "/mayor/")])
def test_after_the_day_the_form_stands_open_and_takes_a_number(
    line: Line, application: Application, who: str, at: str
) -> None:
    line.begins(MONDAY, "16:00")
    state = opened(application, who, at)
    assert (state.asked.monday, state.asked.ask) == (ON, "دوشنبه ۹ آذر: چند نفر؟")
    assert state.lines[0].statement == "هنوز اعلام نشده؛ تا پایان سه‌شنبه ۱۰ آذر"
    send(state, count="۳")
    assert (state.asked.monday, state.done, state.errors) == ("", audiences_text.DONE, {})
    corrects = audiences_text.CORRECT if who == "mayor" else ""
    assert (state.lines[0].statement, state.lines[0].act) == ("۳ نفر", corrects)
    assert of_district(application) == ceremony_text.OFF_SYSTEM.format(statement="۳ نفر")


@in_one_city("typed", ["", "سه", "-2", None, ["3"]])
def test_what_is_no_number_keeps_the_form_open(
    line: Line, application: Application, typed: object
) -> None:
    line.begins(MONDAY, "16:00")
    state = opened(application)
    send(state, count=typed)
    assert state.errors == {"count": refusal("audiences_number")}
    assert state.asked.monday == ON
    assert line.entries("audience_off_system") == []


def test_a_correction_says_what_was_said_before(line: Line, application: Application) -> None:
    line.begins(MONDAY, "16:00")
    state, elsewhere = opened(application), opened(application, "mayor", "/mayor/")
    send(state, count="0")
    assert state.lines[0].statement == audiences_text.NOBODY
    send(elsewhere, count="5")
    assert elsewhere.refused == refusal("audiences_stated")
    assert elsewhere.asked.lead == audiences_text.CORRECT_LEAD.format(count="۰")
    send(elsewhere, count="5")
    assert of_district(application) == ceremony_text.OFF_SYSTEM.format(statement="۵ نفر، تصحیح شده")


def test_a_button_of_no_line_opens_nothing(line: Line, application: Application) -> None:
    line.begins(MONDAY, "16:00")
    state = opened(application)
    for monday in ("2026-12-07", "", "x"):
        asyncio.run(do(state, AudiencesState.choose, monday))
        assert state.asked.monday == ""
    send(state, count="3")
    assert line.entries("audience_off_system") == []


def test_a_number_is_of_the_monday_it_was_typed_for_whenever_it_arrives(
    line: Line, application: Application
) -> None:
    line.begins(MONDAY, "16:00")
    send(opened(application), count="3")
    line.until(MONDAY + 7 * DAY, "16:00")
    tab = Tab(application, "mayor")
    state = tab.opens(AudiencesState, "/mayor/")
    asyncio.run(do(state, AudiencesState.choose, ON))
    asked = state.asked
    tab.opens(AudiencesState, "/mayor/")
    assert state.asked == asked, "over a new connection the form stays open"
    tab.opens(Rail, "/mayor/orders/")
    tab.opens(AudiencesState, "/mayor/")
    assert state.asked.monday != ON
    send(state, monday=ON, corrects=asked.corrects, count="7")
    assert [line.statement for line in state.lines if line.monday == ON] == ["۷ نفر، تصحیح شده"]
    send(state, monday="2026-11-23", count="7")
    assert state.refused == chrome_text.NOT_SENT


def test_silence_is_read_by_everybody_once_tuesday_is_over(
    line: Line, application: Application
) -> None:
    line.begins(MONDAY + DAY, "12:00")
    assert "هنوز اعلام نشده" in of_district(application)
    line.until(MONDAY + 2 * DAY)
    assert of_district(application) == ceremony_text.OFF_SYSTEM.format(
        statement=audiences_text.SILENT
    )
    state = opened(application)
    assert state.lines[0].badge.word == audiences_text.SILENT
    rules = Tab(application).opens(RulesState, "/rules/")
    assert ("منطقهٔ ۶", "۱", "۰", "۱", "۰", "۰ از ۰") in rules.shelf.districts
    send(state, count="2")
    assert of_district(application) == ceremony_text.OFF_SYSTEM.format(
        statement="۲ نفر، پس از مهلت اعلام شد"
    )


def test_before_the_monday_the_public_page_is_silent_too(
    line: Line, application: Application
) -> None:
    line.begins(MONDAY - 5 * DAY, "21:00")
    assert of_district(application) == ""
