"""The page for the city's late value: it is read back first, then written once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from support.city import City
from support.clock import FixedClock
from support.each import in_one_city
from support.line import MONDAY, Line
from support.staff_tab import Tab, do

from publicmeeting.application import Application
from publicmeeting.text.line import value_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.city.value import ValueState

DAY = timedelta(days=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY


@pytest.fixture
def line(city: City, clock: FixedClock) -> Line:
    line = replace(Line(city, clock), prints=False)
    line.worker.tick()
    return line


def desk(application: Application, username: str = "administrator") -> ValueState:
    state = Tab(application, username).state(ValueState)
    asyncio.run(do(state, ValueState.load))
    return state


def test_before_its_hours_the_page_says_when_they_are(line: Line, application: Application) -> None:
    line.begins(TUESDAY, "13:00")
    state = desk(application)
    assert not state.desk.may_enter
    assert state.desk.standing_words.startswith("نخست رمزها باز می‌شود")
    assert {word.value for word in state.desk.words} == {value_text.NOT_YET}


def test_a_number_is_read_back_and_only_then_written(line: Line, application: Application) -> None:
    line.begins(WEDNESDAY, "15:00")
    state = desk(application)
    assert state.desk.may_enter
    asyncio.run(do(state, ValueState.preview, {"value": "۲۱۸۵۹۷۹"}))
    assert (state.seen, line.entries("value")) == ("۲٬۱۸۵٬۹۷۹", [])
    asyncio.run(do(state, ValueState.enter, state.seen))
    asyncio.run(do(state, ValueState.enter, state.seen))
    assert state.done == value_text.DONE.format(value="۲٬۱۸۵٬۹۷۹")
    assert [entry["value"] for entry in line.entries("value")] == ["2185979"]
    assert (state.seen, state.desk.words[0].value) == ("", "۲٬۱۸۵٬۹۷۹")


def test_a_day_on_which_nothing_was_printed_is_written_as_such(
    line: Line, application: Application
) -> None:
    line.begins(WEDNESDAY, "15:00")
    state = desk(application)
    asyncio.run(do(state, ValueState.preview_none))
    assert state.is_none
    asyncio.run(do(state, ValueState.enter, state.seen))
    assert state.done == value_text.DONE_NONE
    assert line.entries("value")[0]["value"] == "none"


@in_one_city(
    "typed, word",
    [
        ("", "late_value_missing"),
        ("۲۱۸۵۹۷۹٫۴", "late_value_decimals"),
        ("2185979,45", "late_value_form"),
        (["1"], "late_value_missing"),
        (None, "late_value_missing"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_the_field(
    line: Line, application: Application, typed: object, word: str
) -> None:
    line.begins(WEDNESDAY, "15:00")
    state = desk(application)
    asyncio.run(do(state, ValueState.preview, {"value": typed}))
    assert state.errors == {"value": refusal(word)}
    assert state.seen == ""
    asyncio.run(do(state, ValueState.enter, state.seen))
    assert line.entries("value") == []


def test_a_number_that_is_late_when_the_button_is_pressed_is_refused_where_the_eye_is(
    line: Line, application: Application
) -> None:
    line.begins(WEDNESDAY, "19:59")
    state = desk(application)
    asyncio.run(do(state, ValueState.preview, {"value": "2185979"}))
    line.clock.forward(minutes=1)
    asyncio.run(do(state, ValueState.enter, state.seen))
    assert state.refused == refusal("late_value_late")
    assert line.entries("value") == []


def test_what_stands_is_shown_and_nothing_can_be_typed(
    line: Line, application: Application
) -> None:
    line.begins(WEDNESDAY, "15:00")
    line.enter("2185979")
    line.until(WEDNESDAY, "20:00")
    state = desk(application)
    assert not state.desk.may_enter


@in_one_city("who", ["desk", "mayor", "overseer"])
def test_nobody_else_has_the_page(line: Line, application: Application, who: str) -> None:
    line.begins(WEDNESDAY, "15:00")
    state = desk(application, who)
    assert state.missing
    asyncio.run(do(state, ValueState.preview, {"value": "2185979"}))
    asyncio.run(do(state, ValueState.enter, state.seen))
    assert line.entries("value") == []


def test_a_press_writes_no_number_that_did_not_stand_over_it(
    line: Line, application: Application
) -> None:
    """On a slow line, the button of one number may be pressed while the next is read back."""
    line.begins(WEDNESDAY, "15:00")
    state = desk(application)
    asyncio.run(do(state, ValueState.preview, {"value": "2185979"}))
    stood = state.seen
    asyncio.run(do(state, ValueState.preview_none))
    asyncio.run(do(state, ValueState.enter, stood))
    assert line.entries("value") == []
    assert state.refused == ValueState.NOT_SENT
    assert state.is_none, "what is read back by now can still be written"
    asyncio.run(do(state, ValueState.enter, state.seen))
    assert [entry["value"] for entry in line.entries("value")] == ["none"]
