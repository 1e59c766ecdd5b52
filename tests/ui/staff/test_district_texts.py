"""The page on which two officials change the texts of their district."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from support.line import MONDAY, Line
from support.staff_tab import Tab, do

from publicmeeting.domain.districts.texts import TextField
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.common import chrome_text
from publicmeeting.text.districts import texts_text
from publicmeeting.text.meetings import day_place_text
from publicmeeting.ui.shell.navigation import Rail
from publicmeeting.ui.staff.texts.state import TextsState

HALL = "طبقهٔ دوم، سالن ۲۰۴"


def opened(line: Line, username: str) -> Any:
    state = Tab(line.city.application, username).state(TextsState)
    run(state, TextsState.load)
    return state


def run(state: Any, event: Any, *sent: Any) -> None:
    asyncio.run(do(state, event, *sent))


def form(state: Any, **change: str) -> dict[str, str]:
    typed = {field.value: state.filled[field.value] for field in TextField}
    units = {unit.name: state.filled[unit.name] for unit in state.shown.units}
    rest = {"hours": "شنبه تا چهارشنبه، ۸ تا ۱۴", "from_on": state.shown.days[0].value}
    return {**typed, **units, **rest, "hall": HALL, "new_unit": "", **change}


def test_a_proposal_is_compared_first_and_put_in_force_by_a_second_one(line: Line) -> None:
    desk = opened(line, "desk")
    run(desk, TextsState.propose)
    assert desk.shown.waiting.version == 0, "nothing is proposed that was not compared"
    run(desk, TextsState.preview, form(desk))
    assert [(change.what, change.old, change.new) for change in desk.changes] == [
        (texts_text.FIELD[TextField.HALL], "تالار", HALL),
        (texts_text.FIELD[TextField.HOURS], texts_text.EMPTY, "شنبه تا چهارشنبه، ۸ تا ۱۴"),
    ]
    run(desk, TextsState.propose)
    assert desk.done == texts_text.PROPOSED
    assert desk.shown.waiting.is_own
    run(desk, TextsState.put_in_force, desk.shown.waiting.version)
    assert desk.refused.startswith("پیشنهاد خودتان را همکار دیگری")
    other = opened(line, "second_desk")
    assert other.shown.waiting.changes == desk.shown.waiting.changes
    assert (other.shown.waiting.is_own, other.shown.waiting.why_not) == (False, "")
    run(other, TextsState.put_in_force, other.shown.waiting.version)
    assert other.done.startswith("این متن‌ها از")
    assert [one.state.split("،")[0] for one in other.shown.history] == [
        "در حال اجرا",
        "جایگزین شد؛ از " + other.shown.history[1].state.split("از ")[1],
    ]
    assert other.shown.waiting.version == 0


def test_what_was_compared_is_proposed_over_a_new_connection_or_the_page_says_no(
    line: Line,
) -> None:
    tab = Tab(line.city.application, "desk")
    desk = tab.opens(TextsState, "/district/")
    run(desk, TextsState.preview, form(desk))
    tab.opens(TextsState, "/district/")
    run(desk, TextsState.propose)
    assert desk.shown.waiting.is_own
    run(desk, TextsState.withdraw, desk.shown.waiting.version)
    run(desk, TextsState.preview, form(desk))
    tab.opens(Rail, "/desk/")
    tab.opens(TextsState, "/district/")
    assert desk.changes == ()
    run(desk, TextsState.propose)
    assert (desk.refused, desk.shown.waiting.version) == (chrome_text.NOT_SENT_HERE, 0)


def test_what_is_wrong_stands_beside_its_field_and_the_rest_stays(line: Line) -> None:
    desk = opened(line, "desk")
    unit = desk.shown.units[0].name
    run(desk, TextsState.preview, form(desk, hall="", point="36.29 59.60", **{unit: "ا"}))
    assert list(desk.errors) == ["hall", "point", unit]
    assert desk.changes == ()
    run(desk, TextsState.preview, form(desk, seats="10:00 10:30 11:00"))
    assert list(desk.errors) == ["from_on"]
    assert desk.shown.seats_hint.split("نخستین: ")[1].rstrip(".") in desk.errors["from_on"]


def test_an_editor_is_told_once_that_other_texts_hold_and_then_compares_with_them(
    line: Line,
) -> None:
    mayor, desk = opened(line, "mayor"), opened(line, "desk")
    run(desk, TextsState.preview, form(desk))
    run(desk, TextsState.propose)
    second = opened(line, "second_desk")
    run(second, TextsState.put_in_force, second.shown.waiting.version)
    typed = form(mayor, bring="کارت ملی و فیش پرداخت", hall="تالار")
    run(mayor, TextsState.preview, typed)
    assert mayor.refused.startswith("پس از باز کردن این صفحه")
    run(mayor, TextsState.preview, typed)
    assert [change.old for change in mayor.changes][:1] == [HALL], "he sees what he would undo"


@pytest.mark.parametrize(
    ("days", "at", "when"),
    [
        (3, "21:59", "ساعت ۸:۰۰ صبح"),
        (1, "22:15", day_place_text.when(None)),
        (1, "23:59", "ساعت ۶:۰۰ صبح"),
    ],
)
def test_whoever_moves_a_drawn_monday_by_night_reads_when_the_message_goes(
    line: Line, days: int, at: str, when: str
) -> None:
    line.drawn(2)
    desk = opened(line, "desk")
    run(desk, TextsState.preview, form(desk, from_on=MONDAY.isoformat()))
    run(desk, TextsState.propose)
    line.until(MONDAY - timedelta(days=days), at)
    mayor = opened(line, "mayor")
    run(mayor, TextsState.put_in_force, mayor.shown.waiting.version)
    day = day_words(MONDAY)
    assert day in mayor.done
    assert when in mayor.done


def test_a_no_needs_its_reason(line: Line) -> None:
    desk = opened(line, "desk")
    run(desk, TextsState.preview, form(desk))
    run(desk, TextsState.propose)
    mayor = opened(line, "mayor")
    run(mayor, TextsState.refuse, mayor.shown.waiting.version, {"note": " "})
    assert list(mayor.errors) == ["note"]
    run(mayor, TextsState.refuse, mayor.shown.waiting.version, {"note": "سالن آماده نیست"})
    assert mayor.done == texts_text.DONE_REFUSED
    assert mayor.shown.history[0].note == "دلیل: سالن آماده نیست"
    run(desk, TextsState.withdraw, desk.shown.waiting.version)
    assert desk.refused.startswith("این پیشنهاد دیگر در انتظار نیست")


def test_raw_events_reach_nothing(line: Line) -> None:
    desk = opened(line, "desk")
    run(desk, TextsState.preview, form(desk))
    run(desk, TextsState.propose)
    version = desk.shown.waiting.version
    for who in ("desk4", "mayor4", "reception", "administrator", ""):
        state = Tab(line.city.application, who).state(TextsState) if who else None
        if state is None:
            continue
        for sent in (version, str(version), -1, 10**30, "'; --", None, [version]):
            run(state, TextsState.put_in_force, sent)
            run(state, TextsState.refuse, sent, {"note": "نه"})
            run(state, TextsState.withdraw, sent)
            assert state.refused
        run(state, TextsState.preview, form(desk))
        assert state.changes == ()
    for broken in ({}, {"units": [["legal", "ا"]]}, {"hall": 3}, {"district": 4}, {"base": 1}):
        run(desk, TextsState.preview, {**form(desk), **broken} if broken else {})
        assert desk.errors or desk.refused
    with line.reading() as uow:
        waiting = uow.district_texts.proposed(6)
        assert waiting is not None
        assert waiting.id == version
        assert uow.district_texts.on(6, tehran_day(line.clock.now)).hall != HALL
