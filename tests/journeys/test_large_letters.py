"""Letters twice as large: a phone then has the room of 180 pixels, a desk half of its width."""

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
from support.citizens import citizen, file, someone
from support.served_city import Served
from test_axe import DESK, request_at

from publicmeeting.application import Application
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.text.filing import filing_text
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.shell.steps.parts import SEND

PUBLIC = (
    "/",
    "/request/",
    "/enter/",
    "/track/",
    "/rules/",
    "/draws/",
    "/ceremony/",
    "/ceremony/?monday=1405-09-16",
    "/verify/",
)
_PHONE, _HALF = {"width": 360, "height": 740}, {"width": 180, "height": 370}
_FOUR_TIMES = {"width": 320, "height": 256}
"""A window of 1280 by 1024 at 400 %."""
_THUMB = 44
"""Pixels; the least height of what is tapped."""
_CUT = """() => [...document.querySelectorAll(".code-groups")].filter((code) => {
  const card = code.closest(".pass-head, .pass-body, main").getBoundingClientRect();
  const { left, right } = code.getBoundingClientRect();
  return left < card.left || right > card.right;
}).length"""
_BROKEN = """() => {
  const main = document.querySelector("main"), found = new Set();
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode, within = text.parentElement;
    if (within.closest("script, .sr-only, details:not([open])")) continue;
    if (!within.checkVisibility()) continue;
    for (const word of text.textContent.matchAll(/[\\u0621-\\u06cc\\u06f0-\\u06f9]{2,}/g)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const tops = [...range.getClientRects()].filter((box) => box.width).map((box) => box.top);
      if (Math.max(...tops) - Math.min(...tops) > 8) found.add(word[0]);
    }
  }
  return [...found];
}"""
"""Visible Persian words and numbers that are drawn on two lines.

Letters are joined, so a word may be broken nowhere.
"""
_PLANTED = """<!doctype html><html dir="rtl"><body style="margin: 0">
<p>متن</p>
<p style="width: 100px; margin-inline-start: -50px">بیرون از راست</p>
<div style="overflow: hidden; width: 100px"><p style="width: 300px">بریده از چپ و دراز</p></div>
<div style="overflow: auto; width: 100px"><p style="width: 300px">در جای پیمایش و دراز</p></div>
</body></html>"""
_BESIDE_ITS_SHEET = """() => [...document.querySelectorAll(".sheet .badge, .rows .badge")]
  .filter((badge) => badge.checkVisibility()).filter((badge) => {
    const sheet = badge.closest(".sheet, .rows").getBoundingClientRect();
    const { left, right } = badge.getBoundingClientRect();
    return left < sheet.left || right > sheet.right;
  }).map((badge) => badge.textContent)"""
OWN = ("invited", "confirmed", "waiting", "needs_info", "follow_up", "reported", "closed")


def test_what_is_lost_beyond_an_edge_is_found_on_either_side(meet: Meet) -> None:
    """Neither part makes the page wider, and a part that scrolls loses nothing."""
    who = meet("grandmother")
    who.page.set_content(_PLANTED)
    assert who.page.evaluate("document.documentElement.scrollWidth") == _PHONE["width"]
    assert who.overflowing() == [
        "beyond its edge: بیرون از راست",
        "beyond its edge: بریده از چپ و دراز",
    ]


@pytest.mark.parametrize("path", PUBLIC)
def test_no_public_page_is_wider_than_a_window_of_half_the_width(
    still_there: Meet, path: str
) -> None:
    who = still_there("grandmother")
    who.page.set_viewport_size(_HALF)
    who.page.goto(path)
    who.is_alive()
    who.rests()
    assert who.overflowing() == []
    assert who.page.evaluate(_BESIDE_ITS_SHEET) == []


def test_the_page_that_names_every_office_is_not_wider_either(still_there: Meet) -> None:
    """A plain page, without a socket."""
    who = still_there("grandmother")
    who.page.set_viewport_size(_HALF)
    who.page.goto("/privacy/")
    assert who.overflowing() == []


@pytest.mark.parametrize("stage", OWN)
def test_no_page_of_a_case_is_wider_than_a_window_of_half_the_width(
    still_there: Meet, stage: str
) -> None:
    who = still_there("grandmother")
    who.page.set_viewport_size(_HALF)
    address = who.becomes(f"citizen/{stage}")
    who.rests()
    assert who.overflowing() == []
    assert who.page.evaluate(_BROKEN) == []
    receipt = f"/receipt/{address.split('/')[-2]}/"
    who.goes(receipt)
    assert who.overflowing() == []
    assert who.page.evaluate(_BROKEN) == []
    who.page.set_viewport_size(_FOUR_TIMES)
    for path in (receipt, address):
        who.goes(path)
        assert who.overflowing() == []
        assert who.page.evaluate(_CUT) == 0, "a tracking code lacks digits"


def test_no_word_of_her_day_is_broken_in_a_window_of_half_the_width(meet: Meet) -> None:
    """In the hall she reads her number, and beside it who is in."""
    who = meet("grandmother")
    who.page.set_viewport_size(_HALF)
    who.page.goto("/stories/day/")
    expect(who.page.locator(".day-number").first).to_be_visible()
    who.rests()
    assert who.overflowing() == []
    assert who.page.evaluate(_BROKEN) == []


def test_no_word_of_the_form_is_broken_in_a_window_of_half_the_width(meet: Meet) -> None:
    who = meet("grandmother")
    who.goes("/request/")
    chooses_district(who, 12)
    who.button(filing_text.KEEP_ON).click()
    expect(who.page.locator("#subject-error")).to_have_text(refusal("subject_missing"))
    who.page.set_viewport_size(_HALF)
    who.rests()
    assert who.overflowing() == []
    assert who.page.evaluate(_BROKEN) == []
    fill_in_matter(who)
    leaves_matter(who)
    confirms_mobile(who, someone(72_411))
    fill_in_herself(who, someone(72_411))
    who.rests()
    assert who.overflowing() == []
    assert who.page.evaluate(_BROKEN) == [], "on the review"


def test_the_foot_of_a_form_leaves_a_low_window_to_what_is_read(meet: Meet) -> None:
    who = meet("grandmother")
    who.goes("/request/")
    chooses_district(who, 12)
    foot = who.page.locator(".foot")
    who.page.evaluate("scrollTo(0, 0)")
    expect(foot).to_be_in_viewport()
    who.page.set_viewport_size(_FOUR_TIMES)
    expect(foot).not_to_be_in_viewport()
    who.page.evaluate(f"({_TO_END})(document.querySelector('.foot .btn'))")
    expect(foot).to_be_in_viewport()


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
        maryam.page.set_viewport_size(_HALF)
        maryam.rests()
        assert maryam.overflowing() == []
    maryam.page.set_viewport_size(_PHONE)
    maryam.page.goto("/mine/data/")  # a plain page, without a socket
    assert maryam.overflowing() == []


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
