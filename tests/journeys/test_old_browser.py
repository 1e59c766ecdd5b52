"""Browsers that are years old, as on phones without an app store, and Safari."""

import re

import pytest
from filing_steps import TITLE, chooses_district, fill_in_matter, leaves_matter
from person import Meet
from playwright.sync_api import expect

from publicmeeting.config import PROJECT
from publicmeeting.text.common import chrome_text
from publicmeeting.text.filing import filing_text
from publicmeeting.text.line import rules_text

BEFORE_2022 = """
delete AbortSignal.timeout;
delete Object.hasOwn;
delete String.prototype.replaceAll;
delete Array.prototype.at;
delete Array.prototype.findLast;
delete HTMLFormElement.prototype.requestSubmit;
"""
REFUSED = """
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {configurable: true, get() { %s }});
"""
UNKNOWN_TO_THEM = re.compile(
    r"@layer|:is\(|:where\(|\ddvh|@media[^{]*[<>]|margin-inline:|[{;]inset"
)
QUIET = 15
IN_SAFARI = ".wrap-anywhere { overflow-wrap: break-word }"
"""A style that imitates Safari.

It breaks foreign letters in a Persian line too, but counts them as one word when a grid asks for
the least width.
"""
WITNESS_KEY = "shora.example.ir/council+"


def test_a_browser_that_lacks_what_came_in_2022_files_as_every_other(meet: Meet) -> None:
    old = meet("old-browser")
    old.page.add_init_script(BEFORE_2022)
    old.goes("/")
    old.goes("/request/")
    loaded = old.page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert {one.rpartition("/")[2] for one in loaded} >= {"flat.css", "old.js"}
    chooses_district(old, QUIET)
    fill_in_matter(old)
    leaves_matter(old)
    old.page.go_back()
    expect(old.page.locator("[name=title]")).to_have_value(TITLE)
    old.shot("matter")


@pytest.mark.parametrize(
    "answer", ["throw new DOMException('refused', 'SecurityError')", "return null"]
)
def test_a_browser_that_refuses_storage_files_as_every_other(answer: str, meet: Meet) -> None:
    """With all cookies blocked it throws; an app that never allowed storage has none."""
    who = meet("without-storage")
    who.page.add_init_script(REFUSED % answer)
    who.may_fail("refused", "of null")  # of the framework's own script in the head
    who.goes("/")
    who.goes("/request/")
    chooses_district(who, QUIET)
    fill_in_matter(who)
    leaves_matter(who)


def test_a_browser_of_today_asks_for_neither(meet: Meet) -> None:
    modern = meet("modern-browser")
    modern.goes("/request/")
    loaded = modern.page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert not {one.rpartition("/")[2] for one in loaded} & {"flat.css", "old.js"}


def test_a_browser_that_cannot_read_the_scripts_is_led_to_the_plain_page(meet: Meet) -> None:
    for address in ("/request/?district=6", "/enter/"):
        old = meet(f"oldest-{address[1]}")
        old.may_fail("SyntaxError", "Unexpected token")
        old.page.add_init_script(BEFORE_2022)
        old.page.route(
            "**/assets/*.js",
            lambda route: route.fulfill(body="a ???= b", content_type="text/javascript"),
        )
        old.page.goto(address)
        old.page.wait_for_url(f"**/plain{address}")
        expect(old.page.locator("main h1")).to_be_visible()
    expect(old.page.get_by_role("button", name=filing_text.SEND_CODE)).to_be_visible()
    old.shot("plain-door")


def test_the_flat_sheet_has_no_word_that_they_do_not_know(meet: Meet) -> None:
    sheet = (PROJECT / ".web" / "build" / "client" / "flat.css").read_text(encoding="utf-8")
    assert not UNKNOWN_TO_THEM.findall(sheet)
    plain = meet("plain-page", java_script_enabled=False)
    plain.page.goto("/plain/")
    row = plain.page.get_by_role("link", name=chrome_text.SITE)
    assert row.evaluate("(link) => getComputedStyle(link).display") == "flex"
    plain.shot("plain-start")


def test_in_safari_the_key_of_a_witness_makes_no_page_wider_than_the_telephone(meet: Meet) -> None:
    reader = meet("safari")
    reader.goes("/rules/")
    reader.page.add_style_tag(content=IN_SAFARI)
    reader.page.get_by_text(rules_text.KEYS).click()
    expect(reader.page.get_by_text(WITNESS_KEY).first).to_be_visible()
    assert reader.overflowing() == []
