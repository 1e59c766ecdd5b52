"""Letters twice as large: a phone then has the room of 180 pixels, a desk half of its width.

`test_axe.py` narrows every public page and every page of a case.
"""

from dataclasses import replace

import pytest
from filing_steps import (
    chooses_district,
    confirms_mobile,
    fill_in_herself,
    fill_in_matter,
    leaves_matter,
)
from person import Meet
from playwright.sync_api import expect
from readable import BROKEN, FOUR_TIMES, HALF
from support.citizens import citizen, file, someone
from support.served_city import Served
from test_axe import DESK, request_at

from publicmeeting.application import Application
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.text.filing import filing_text
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.line import rules_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.shell.steps.parts import SEND

_PHONE = {"width": 360, "height": 740}
_SMALL_PHONE = {"width": 320, "height": 640}
_HALF_OF_SMALL = {"width": 160, "height": 320}
_NO_SMALL_LETTERS = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { font-size: max(24px, 1em) !important }");
  document.adoptedStyleSheets.push(sheet);
}"""
"""As a browser whose smallest letters are set to 24 pixels; a page cannot start one."""
_THUMB = 44
"""Pixels; the least height of what is tapped."""
_PLANTED = """<!doctype html><html dir="rtl"><body style="margin: 0">
<p>متن</p>
<p style="width: 100px; margin-inline-start: -50px">بیرون از راست</p>
<div style="overflow: hidden; width: 100px"><p style="width: 300px">بریده از چپ و دراز</p></div>
<div style="overflow: auto; width: 100px"><p style="width: 300px">در جای پیمایش و دراز</p></div>
</body></html>"""


def test_what_is_lost_beyond_an_edge_is_found_on_either_side(meet: Meet) -> None:
    """Neither part makes the page wider, and a part that scrolls loses nothing."""
    who = meet("grandmother")
    who.page.set_content(_PLANTED)
    assert who.page.evaluate("document.documentElement.scrollWidth") == _PHONE["width"]
    assert who.overflowing() == [
        "beyond its edge: بیرون از راست",
        "beyond its edge: بریده از چپ و دراز",
    ]


def test_no_word_of_the_form_is_broken_in_a_window_of_half_the_width(meet: Meet) -> None:
    who = meet("grandmother")
    who.goes("/request/")
    chooses_district(who, 12)
    who.button(filing_text.KEEP_ON).click()
    expect(who.page.locator("#subject-error")).to_have_text(refusal("subject_missing"))
    who.page.set_viewport_size(HALF)
    who.rests()
    assert who.overflowing() == []
    assert who.page.evaluate(BROKEN) == []
    fill_in_matter(who)
    leaves_matter(who)
    confirms_mobile(who, someone(72_411))
    fill_in_herself(who, someone(72_411))
    who.rests()
    assert who.overflowing() == []
    assert who.page.evaluate(BROKEN) == [], "on the review"


def test_the_foot_of_a_form_leaves_a_low_window_to_what_is_read(meet: Meet) -> None:
    who = meet("grandmother")
    who.goes("/request/")
    chooses_district(who, 12)
    foot = who.page.locator(".foot")
    who.page.evaluate("scrollTo(0, 0)")
    expect(foot).to_be_in_viewport()
    who.page.set_viewport_size(FOUR_TIMES)
    expect(foot).not_to_be_in_viewport()
    who.page.evaluate(f"({_TO_END})(document.querySelector('.foot .btn'))")
    expect(foot).to_be_in_viewport()


@pytest.mark.parametrize("path", ["/verify/", "/track/"])
def test_the_bar_is_no_wider_than_a_small_phone_where_no_letter_is_small(
    path: str, meet: Meet
) -> None:
    who = meet("grandmother")
    who.page.set_viewport_size(_SMALL_PHONE)
    who.goes(path)
    who.page.evaluate(_NO_SMALL_LETTERS)
    who.rests()
    assert who.page.evaluate("document.documentElement.scrollWidth") == _SMALL_PHONE["width"]


def test_a_name_and_a_text_without_a_space_make_no_page_of_hers_wider(
    meet: Meet, town: Served, application: Application
) -> None:
    """Some people never use the space bar."""
    who = replace(someone(72_410), name="عبدالمحمدعلیقاسمپورطباطبایییزدیکاشانیاصفهانیتهرانی")
    title, text = "پیادهروشکستهخیابانریوکوچهبنبستشهیدابراهیمی", "سنگفرشپیادهروروبهروی" * 9
    keys = citizen(application, who.mobile)
    case = file(application, who, keys, title=title, text=text)
    maryam = meet("maryam")
    maryam.has_signed_in(keys.session, town.origin)
    for path in ("/mine/", f"/mine/{case.code}/", f"/receipt/{case.code}/"):
        maryam.page.set_viewport_size(_PHONE)
        maryam.goes(path)
        assert maryam.overflowing() == []
        for narrow in (HALF, _HALF_OF_SMALL):
            maryam.page.set_viewport_size(narrow)
            maryam.rests()
            assert maryam.overflowing() == []
    maryam.page.set_viewport_size(_PHONE)
    maryam.page.goto("/mine/data/")  # a plain page, without a socket
    assert maryam.overflowing() == []


def test_a_table_of_all_districts_fits_a_phone_with_large_letters(meet: Meet) -> None:
    who = meet("grandmother")
    who.goes("/rules/")
    tables = who.page.get_by_text(rules_text.BY_DISTRICT).all()
    assert tables
    for one in tables:
        one.click()
    who.page.set_viewport_size(HALF)
    who.rests()
    assert who.overflowing() == []


def test_the_small_map_of_the_last_monday_is_whole_with_large_letters(meet: Meet) -> None:
    """It is one picture, which no key scrolls."""
    who = meet("grandmother")
    who.goes("/")
    around = who.page.locator(".map-scroll:has(.map-small)")
    assert around.locator(".map-small").evaluate("one => one.offsetWidth") == 8.5 * 16
    who.page.set_viewport_size(HALF)
    expect(around).to_be_visible()
    assert around.evaluate("one => one.scrollWidth - one.clientWidth") <= 0


def test_the_chart_of_the_rules_keeps_its_letters_and_scrolls_by_itself(meet: Meet) -> None:
    """Between the margins of a narrow window it became too small to read."""
    who = meet("grandmother")
    who.goes("/verify/")
    who.page.set_viewport_size(HALF)
    who.rests()
    assert who.page.locator(".waits").evaluate("one => one.clientWidth") == 15 * 16
    assert who.overflowing() == []


@pytest.mark.parametrize(
    ("who", "path"), [("overseer", "/city/promises/?tab=climbed"), ("mayor6", "/mayor/review/")]
)
def test_an_officials_page_fits_a_desk_at_400_per_cent(who: str, path: str, meet: Meet) -> None:
    official = meet(who, "desk")
    official.has_come_in_as(who)
    official.page.set_viewport_size(FOUR_TIMES)
    official.goes(path)
    official.rests()
    assert official.overflowing() == []


_LARGE = {"width": 640, "height": 400}
"""A desk's window of 1280 by 800 at 200 %."""
_TO_END = "one => one.scrollIntoView({block: 'end'})"


@pytest.mark.parametrize("path", ["/", "/enter/"])
def test_the_telephone_of_the_city_is_as_large_as_a_thumb(path: str, meet: Meet) -> None:
    maryam = meet("maryam")
    maryam.goes(path)
    box = maryam.page.locator("main a[href^='tel:']").first.bounding_box()
    assert box is not None
    assert box["height"] >= _THUMB


def test_a_desk_with_large_letters_reads_the_case_and_reaches_the_end_of_its_form(
    meet: Meet, application: Application
) -> None:
    desk = meet("desk", "desk")
    desk.page.set_viewport_size(_LARGE)
    desk.has_come_in_as(DESK)
    desk.goes(f"/desk/?case={request_at(Stage.SUBMITTED)(application)}")
    page, bar = desk.page, desk.page.locator(".decision")
    title = page.locator(".desk-detail h2").first
    title.evaluate(_TO_END)
    box, below = title.bounding_box(), bar.bounding_box()
    assert box is not None
    assert below is not None
    assert box["y"] + box["height"] <= below["y"], "the buttons lie over the case"
    desk.button(ACTION[Action.DECLINE]).press("Enter")
    send = page.locator(f"#{SEND}")
    send.evaluate(_TO_END)
    expect(send).to_be_in_viewport(ratio=1)
    assert page.locator(".deciding-fields").evaluate(
        "one => one.scrollHeight <= one.clientHeight + 1"
    ), "the form has an edge of its own"
