"""Every part in its states, every plain page and every hall screen: WCAG 2.2 AA, and not too wide.

`test_axe.py` does the same for the pages.
"""

import re

import pytest
from axe_core import violations
from person import Meet
from playwright.sync_api import expect
from readable import BROKEN, HALF, SCHEMES, faults, in_dark
from test_axe import RECEPTION, SIZES

from publicmeeting.application import Application
from publicmeeting.domain.orders.promises import stem
from publicmeeting.text.meetings import hall_text
from publicmeeting.text.orders import sheet_text
from publicmeeting.ui.stories.pages import STORIES


@pytest.mark.parametrize("name", STORIES)
def test_a_story_is_readable_for_everybody(name: str, still_there: Meet, axe: str) -> None:
    person = still_there("reader")
    in_dark(person, SIZES[0])
    person.page.goto(f"/stories/{name}/")
    expect(person.page.locator("h1").first).to_be_visible()
    found = [*faults(person, axe, *SIZES), *person.notices()]
    if name == "day":  # in the hall she reads her number, and beside it who is in
        person.page.set_viewport_size(HALF)
        person.rests()
        found += [*person.overflowing(), *person.page.evaluate(BROKEN)]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize(
    "path",
    [
        "/plain/",
        "/plain/request/",
        "/plain/track/?e=tracking_unknown",
        "/plain/enter/",
        "/witness/",
        "/privacy/",
    ],
)
def test_a_plain_page_is_readable_for_everybody(path: str, still_there: Meet, axe: str) -> None:
    person = still_there("nobody")
    in_dark(person, SIZES[0])
    grounds = set[str]()
    for scheme in SCHEMES:
        person.page.emulate_media(color_scheme=scheme)
        person.page.goto(path)
        person.shot(f"{re.sub(r'[^a-z]+', '-', path)}-{scheme}")
        grounds.add(
            person.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        )
        assert violations(person.page, axe) == []
        assert person.overflowing() == []
    assert len(grounds) == len(SCHEMES), "without a script the page follows the system"
    person.page.set_viewport_size(HALF)
    assert person.overflowing() == []
    assert person.notices() == []


SIDE_BY_SIDE = 700
"""Pixels up to which a hall's screen is one column that scrolls under its bars."""
_STILL = "Promise.all(document.getAnimations().map((one) => one.finished))"
_COVERED = """() => {
  const bars = document.querySelector(".bars")?.getBoundingClientRect();
  return [...document.querySelectorAll(".hall > :not(.bars)")]
    .filter((one) => bars?.height && one.getBoundingClientRect().bottom > bars.top + 1)
    .map((one) => one.className);
}"""


@pytest.mark.parametrize("name", ["many", "again", "quiet", "silent", "mute", "closed", "key"])
def test_the_screen_of_a_hall_is_readable_for_everybody(
    name: str, still_there: Meet, axe: str
) -> None:
    person = still_there("television", "wall")
    for width, height in ((1920, 1080), (1280, 720), (360, 740)):
        person.page.set_viewport_size({"width": width, "height": height})
        person.page.goto(f"/hall/samples/{name}/")
        person.page.evaluate(_STILL)  # a number that slides in is pale for half a second
        person.shot(f"hall-{name}-{width}")
        assert violations(person.page, axe) == []
        assert person.overflowing() == []
        if width > SIDE_BY_SIDE:
            assert person.page.evaluate(_COVERED) == []
    assert person.notices() == []


def test_the_settings_of_a_hall_are_readable_for_everybody(meet: Meet, axe: str) -> None:
    person = meet("nobody")
    person.has_come_in_as(RECEPTION)
    for scheme in SCHEMES:
        person.page.emulate_media(color_scheme=scheme)
        person.page.goto("/hall/")
        person.page.locator("details:has(#clip-n07) > summary").click()
        person.page.locator("#clip-n07 summary").click()
        person.shot(f"hall-settings-{scheme}")
        assert violations(person.page, axe) == []
        assert person.overflowing() == []
    person.button(hall_text.MAKE).click()
    expect(person.page.locator("#display-address")).to_be_visible()
    person.shot("hall-settings-made")
    assert violations(person.page, axe) == []
    assert person.overflowing() == []


def test_the_check_of_a_printed_order_is_readable_for_everybody(
    meet: Meet, application: Application, axe: str
) -> None:
    person = meet("holder of a paper")
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        sheet = stem(uow.orders.listed(limit=1)[0].number)
        mark = uow.orders.check_mark(sheet)
    person.may_fail("404")
    for address, sentence in (
        (mark, sheet_text.CHECK_GENUINE),
        ("0" * len(mark), sheet_text.CHECK_UNKNOWN),
    ):
        person.page.goto(f"/check/{sheet}/{address}/")
        person.sees(sentence)
        assert violations(person.page, axe) == []
        assert person.overflowing() == []
