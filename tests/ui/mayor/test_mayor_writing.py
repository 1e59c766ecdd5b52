"""Text and strokes at the mayor's table are stored, and become orders once."""

import asyncio
from datetime import date
from typing import Any

import pytest
from support.each import for_each
from support.hall import SERVICES, TECHNICAL, TEXT, Hall
from support.staff_tab import Tab

from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.mayor.days import MONTHS_AHEAD, is_far, month
from publicmeeting.ui.mayor.meeting.draft import (
    Draft,
    changed,
    draft_of,
    image_id,
    initial_of,
    issue,
)
from publicmeeting.ui.mayor.meeting.state import MeetingState
from publicmeeting.ui.mayor.table import refuse_under

TODAY = date(2026, 11, 30)


def tab_of(hall: Hall, username: str = "") -> MeetingState:
    return Tab(hall.application, username).state(MeetingState)


def issued(tab: MeetingState, **command: object) -> Any:
    return asyncio.run(issue(tab, **command))


def test_a_sheet_for_two_units_becomes_two_orders_with_its_picture(hall: Hall):
    guest = hall.guests[0]
    hall.receive(guest)
    tab = tab_of(hall, "mayor")
    command = {"code": guest.code, "units": (TECHNICAL, SERVICES), "note": TEXT}
    made = issued(tab, **command)
    assert [order.unit_id for order in made] == [TECHNICAL, SERVICES]
    assert all(order.image_id for order in made)
    assert issued(tab, **command) == made
    assert len(guest.orders) == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [({"note": ""}, "note"), ({"units": ()}, "units"), ({"due_on": "2026-11-29"}, "due_on")],
)
def test_what_is_missing_is_said_and_nothing_is_recorded(hall: Hall, change, field):
    guest = hall.guests[0]
    hall.receive(guest)
    tab = tab_of(hall, "mayor")
    assert (
        issued(tab, **{"code": guest.code, "units": (TECHNICAL,), "note": TEXT, **change}) is None
    )
    assert list(tab.errors) == [field]
    assert guest.orders == []


def test_an_order_outside_the_room_or_by_a_stranger_is_refused(hall: Hall):
    guest = hall.guests[0]
    hall.arrive(guest)
    command = {"code": guest.code, "units": (TECHNICAL,), "note": TEXT}
    for username in ("mayor", "deputy", "mayor4", "desk"):
        tab = tab_of(hall, username)
        assert issued(tab, **command) is None
        assert tab.refused
    gone = tab_of(hall)
    assert issued(gone, **command) is None
    assert gone.signed_out


def test_a_page_hears_the_key_of_a_refusal_and_the_browser_only_its_words(hall: Hall):
    guest = hall.guests[0]
    tab = tab_of(hall, "mayor")
    assert issued(tab, code=guest.code, units=(TECHNICAL,), note=TEXT) is None
    assert (tab.refused, tab.why) == (refusal("stage_moved", stage="confirmed"), "stage_moved")
    assert tab.why not in str(tab.dict())
    hall.receive(guest)
    assert issued(tab, code=guest.code, units=(TECHNICAL,), note=TEXT)
    assert tab.why == ""


def test_a_refusal_is_said_under_its_field_except_the_end_of_the_session(hall: Hall):
    tab = tab_of(hall)
    tab.refused = refusal("need_note")
    refuse_under(tab, "back")
    assert (tab.errors, tab.refused) == ({"back": refusal("need_note")}, "")
    gone = tab_of(hall)
    gone.refused, gone.signed_out = "دوباره وارد شوید.", True
    refuse_under(gone, "back")
    assert (gone.errors, gone.refused) == ({}, "دوباره وارد شوید.")


def test_choices_are_kept_as_texts_and_read_again():
    draft, texts = changed(
        Draft(),
        units=(TECHNICAL, SERVICES),
        dues={SERVICES: "2026-12-08"},
        urgent=True,
        paper="a" * 32,
        source="b" * 32,
        way="photo",
        due="2026-12-21",
    )
    assert draft_of(texts) == draft
    none, texts = changed(draft, units=(), urgent=False)
    assert texts == {"units": "-", "urgent": ""}
    assert draft_of({"units": "-"}).units == ()
    assert none.dues == draft.dues


@pytest.mark.parametrize("dues", ["x", "[]", '{"a": 1}', "null"])
def test_choices_that_cannot_be_read_are_none(dues: str):
    assert draft_of({"dues": dues, "way": "magic", "paper": "../x"}) == Draft()


def test_a_sheet_is_laid_with_its_texts_and_page():
    laid = initial_of({"text": "متن", "promise": "قول", "units": "x"}, "0600000001", 3, "ab")
    assert (laid.text, laid.promise, laid.reason, laid.page) == ("متن", "قول", "", 3)


@for_each(
    [
        (["a" * 32], "a" * 32),
        (["a" * 32, "b" * 32], "b" * 32),
        ([], ""),
        (["../secret"], ""),
        ([{"id": 1}], ""),
        ("a" * 32, ""),
        (None, ""),
    ]
)
def test_the_photographed_paper_is_the_last_id_of_the_right_form(sent, found):
    assert image_id(sent) == found


def test_a_month_offers_its_coming_working_days_only():
    azar = month(TODAY, 0)
    assert azar.name == "آذر ۱۴۰۵"
    kinds = {day.text: (day.kind, day.free) for day in azar.days}
    assert kinds["۸"] == ("raw", False)
    assert kinds["۹"] == ("now", False)
    assert kinds["۱۰"] == ("plain", True)
    assert {day.column for day in azar.days} == {1, 2, 3, 4, 5}
    assert next(day.label for day in azar.days if day.text == "۱۶").endswith("۵ روز کاری دیگر")


def test_a_holiday_cannot_be_chosen_and_says_so():
    free = [day for day in month(TODAY, 4).days if day.kind == "cancelled"]
    assert free
    assert all("تعطیل" in day.label and not day.free for day in free)


@pytest.mark.parametrize(("at", "shown"), [(-3, 0), (2, 2), (99, MONTHS_AHEAD)])
def test_the_calendar_is_turned_no_farther_than_it_goes(at: int, shown: int):
    assert month(TODAY, at).at == shown


@pytest.mark.parametrize(
    ("day", "far"), [("2026-12-21", False), ("2027-09-01", True), ("", False), ("soon", False)]
)
def test_a_far_day_asks_for_a_reason(day, far):
    assert is_far(day, TODAY) is far
