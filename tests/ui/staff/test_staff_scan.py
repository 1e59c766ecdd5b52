"""Passes scanned at reception lead to their line, or to a reason why not."""

import asyncio
from dataclasses import replace

import pytest
from support.city import City
from support.clock import FixedClock
from support.each import in_one_city
from support.hall import Hall
from support.line import MONDAY, Line
from support.staff_tab import Tab, do

from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.codes import tracking_code
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.meetings import reception_text
from publicmeeting.ui.staff.monday.state import MondayState
from publicmeeting.usecases import rate_limits
from publicmeeting.usecases.meetings.agenda import ADay, monday_list
from publicmeeting.usecases.rate_limits import RULES, Limit

NOBODYS = "0506900009"
"""A code that a scanner may read, but that belongs to no request."""
NEXT = MONDAY.replace(month=12, day=7)


@pytest.fixture
def door(hall: Hall) -> MondayState:
    return opened(Tab(hall.application, "reception"))


def opened(tab: Tab) -> MondayState:
    return tab.opens(MondayState, "/monday/")


def scans(door: MondayState, text: str) -> object:
    return asyncio.run(do(door, MondayState.scanned, text))


@pytest.mark.parametrize("form", ["{code}", "http://localhost/track/?code={code}#d=6&t=ab"])
def test_a_pass_opens_its_line_to_match_the_card(hall: Hall, door: MondayState, form: str) -> None:
    code = hall.guests[1].code
    scans(door, form.format(code=code))
    assert (door.open_code, door.form.action) == (code, Action.ARRIVE)
    assert hall.guests[1].request.stage is Stage.CONFIRMED, "a pass alone is no arrival"


def test_what_is_open_is_not_left_for_the_next_pass(hall: Hall, door: MondayState) -> None:
    for _ in range(2):  # the pass is still before the camera
        scans(door, hall.guests[0].code)
        assert door.found == ""
    scans(door, hall.guests[1].code)
    assert (door.open_code, door.form.action) == (hall.guests[0].code, Action.ARRIVE)
    assert door.found == reception_text.FINISH_FIRST.format(line=door.open_line)


def test_a_photograph_of_a_pass_shown_twice_takes_no_step(hall: Hall, door: MondayState) -> None:
    hall.clock.forward(minutes=4)
    scans(door, hall.guests[0].code)
    asyncio.run(do(door, MondayState.send, {"identity": hall.card(hall.guests[0])}))
    scans(door, hall.guests[0].code)
    assert door.found == reception_text.JUST_CAME.format(number=persian(1), time="۹:۰۴")
    assert (door.form.action, hall.guests[0].request.stage) == ("", Stage.ARRIVED)
    hall.clock.forward(minutes=5)
    asyncio.run(door._reread())
    scans(door, hall.guests[0].code)
    assert door.found == reception_text.CAME_BEFORE.format(number=persian(1), time="۹:۰۴")
    hall.act("mayor", hall.guests[0], Action.CALL_IN)
    hall.finish(hall.guests[0], outcome="refused", note="این کار با طرح تفصیلی نمی‌خواند.")
    asyncio.run(door._reread())
    scans(door, hall.guests[0].code)
    assert door.found == reception_text.MET_TODAY.format(number=persian(1))


@pytest.mark.parametrize(
    "text", ["", "https://evil.example/", "WIFI:S:hall;;", "x" * 5000, NOBODYS]
)
def test_what_is_no_pass_of_this_list_says_so_and_no_more(door: MondayState, text: str) -> None:
    scans(door, text)
    assert (door.found, door.open_code) == (reception_text.SCAN_UNKNOWN, "")


def test_a_pass_of_another_district_names_it(door: MondayState) -> None:
    scans(door, tracking_code(1405, 5))
    assert door.found == reception_text.SCAN_OF_DISTRICT.format(district=persian(5))


def test_a_hand_scanner_that_types_the_address_says_the_same(door: MondayState) -> None:
    address = f"http://localhost/track/?code={tracking_code(1405, 5)}"
    asyncio.run(do(door, MondayState.seek, {"seek": address}))
    assert door.found == reception_text.SCAN_OF_DISTRICT.format(district=persian(5))
    maybe = reception_text.NOT_HERE_OF.format(district=persian(5))
    for text, words in (
        (tracking_code(1405, 5), maybe),  # bare digits may be a card's
        (tracking_code(1405, 6), reception_text.NOT_HERE),
        (tracking_code(1405, 45), reception_text.NOT_HERE),
        (f"https://evil.example/{NOBODYS}", reception_text.NOT_HERE),
    ):
        asyncio.run(do(door, MondayState.seek, {"seek": text}))
        assert door.found == words


def test_a_pass_of_another_day_names_it_and_who_has_no_seat_is_not_told_apart(
    city: City, clock: FixedClock
) -> None:
    line = Line(city, clock)
    line.worker.tick()
    first, second = line.file(2)
    line.until(MONDAY.replace(day=26))
    first.does(Action.CONFIRM)
    second.does(Action.MOVE_ONCE, monday=NEXT.isoformat())
    line.until(MONDAY, "08:30")
    door = opened(Tab(city.application, "reception"))
    scans(door, second.code)
    assert door.found == reception_text.SCAN_UNKNOWN, "she waits, and nobody learns of it here"
    line.until(NEXT.replace(day=3))
    on = city.application.query_as(city.as_("reception"), monday_list, ADay()).monday.on
    assert on == NEXT
    past = Tab(city.application, "reception").opens(MondayState, "/monday/?day=2026-11-30")
    scans(past, second.code)
    assert past.found == reception_text.SCAN_OF_DAY.format(day=weekday_day(NEXT))


@in_one_city("who", ["mayor", "desk", "technical"])
def test_a_standby_is_led_to_her_line_and_others_have_no_camera(hall: Hall, who: str) -> None:
    door = opened(Tab(hall.application, "reception"))
    waiting = door.day.standby[0].code
    assert scans(door, waiting) is not None
    other = opened(Tab(hall.application, who))
    scans(other, waiting)
    assert other.form.action == ""


@pytest.mark.parametrize("look", ["pass", "card"])
def test_every_look_for_somebody_is_counted_and_above_the_limit_finds_nobody(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, look: str
) -> None:
    """Nobody may find visitors by trying all numbers."""
    few = replace(RULES[Limit.SCAN], most=2)
    monkeypatch.setattr(rate_limits, "RULES", {**RULES, Limit.SCAN: few})
    for at in range(3):
        door = opened(Tab(hall.application, "reception"))
        if look == "pass":
            scans(door, hall.guests[at].code)
        else:
            asyncio.run(do(door, MondayState.seek, {"seek": hall.card(hall.guests[at])}))
        found = hall.guests[at].code if at < 2 else ""
        assert (door.open_code, bool(door.refused)) == (found, not found)
