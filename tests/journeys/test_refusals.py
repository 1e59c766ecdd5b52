"""A refusal gives its reason in Persian beside the field, and nothing that was typed is lost."""

import re
from pathlib import Path

from filing_steps import (
    TITLE,
    chooses_district,
    confirms_mobile,
    fill_in_herself,
    fill_in_matter,
    leaves_matter,
)
from person import PATIENT, Meet, Person
from pictures import PRETENDERS, broken_photo, on_disk, photo, pretender
from playwright.sync_api import expect
from support.citizens import someone

from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.text.filing import filing_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.base import MAX_TEXT

QUIET = 12


def at_matter(person: Person) -> None:
    person.goes("/request/")
    chooses_district(person, QUIET)


def test_what_is_no_photo_or_too_heavy_is_refused_in_words(meet: Meet, tmp_path: Path) -> None:
    maryam = meet("maryam")
    maryam.may_fail("422", "413")
    at_matter(maryam)
    for what in PRETENDERS:
        file = pretender(what)
        maryam.adds_photo(file)
        row = maryam.page.get_by_role("alert").filter(has_text=file["name"])
        expect(row).to_be_visible()
        expect(row).not_to_contain_text(chrome_text.PHOTO_FAILED)
        words = row.inner_text().replace(file["name"], "")
        assert re.search("[آ-ی]", words), what
        assert not re.search("[A-Za-z]{4}", words), what
    maryam.shot("not-a-photo")
    maryam.adds_photo(on_disk(broken_photo(15), tmp_path))  # refused before it is sent
    row = maryam.page.get_by_role("alert").filter(has_text="heavy.jpg")
    expect(row).to_contain_text(refusal("photo_too_large", megabytes=12))
    maryam.adds_photo(photo())
    expect(maryam.button(filing_text.REMOVE_PHOTO)).to_be_visible()


def test_a_refused_file_takes_no_place_of_a_photo(meet: Meet) -> None:
    """Of five files chosen together two are no photos, and the other three fit."""
    maryam = meet("maryam")
    maryam.may_fail("422", "413")
    at_matter(maryam)
    good = [photo(f"{colour[1:]}.jpg", colour) for colour in ("#8a6f4d", "#556b5d", "#334455")]
    refused = [pretender("half a photo"), pretender("a PDF named .jpg")]
    maryam.adds_photo([good[0], *refused, *good[1:]])
    alerts = maryam.page.locator(".thumbs").get_by_role("alert")
    for file in refused:
        expect(alerts.filter(has_text=file["name"])).to_be_visible()
    expect(maryam.page.get_by_text(chrome_text.PHOTO_SENDING, exact=True)).to_have_count(0)
    expect(maryam.page.locator(".thumbs img")).to_have_count(3)
    expect(alerts).to_have_count(2)
    expect(alerts.filter(has_text=refusal("photos_too_many", limit=3))).to_have_count(0)
    maryam.shot("five-chosen")


def test_a_fourth_photo_is_refused_when_three_have_been_kept(meet: Meet) -> None:
    maryam = meet("maryam")
    at_matter(maryam)
    colours = ("#8a6f4d", "#556b5d", "#334455", "#775533", "#113355")
    maryam.adds_photo([photo(f"{colour[1:]}.jpg", colour) for colour in colours])
    alerts = maryam.page.locator(".thumbs").get_by_role("alert")
    expect(alerts).to_have_count(2)
    for name in ("775533.jpg", "113355.jpg"):
        row = alerts.filter(has_text=name)
        expect(row).to_contain_text(refusal("photos_too_many", limit=3))
    expect(maryam.page.locator(".thumbs img")).to_have_count(3)


def test_ten_thousand_characters_are_told_their_limit_and_stay_in_the_field(meet: Meet) -> None:
    maryam = meet("maryam")
    at_matter(maryam)
    long = "سنگ‌فرش شکسته😢 " * 667  # a sign of two units is one letter for everybody
    fill_in_matter(maryam, text=long)
    text = maryam.page.locator("[name=text]")
    expect(maryam.page.locator("#text-count")).to_have_text(persian(len(long)))
    maryam.button(filing_text.KEEP_ON).click()
    expect(maryam.page.locator("#text-error")).to_contain_text(persian(MAX_TEXT), timeout=PATIENT)
    expect(text).to_have_value(long)
    maryam.page.reload()
    maryam.is_alive()
    expect(text).to_have_value(long)
    expect(maryam.page.locator("#text-count")).to_have_text(persian(len(long)))
    expect(maryam.page.locator("#text-error")).to_contain_text(persian(MAX_TEXT), timeout=PATIENT)
    maryam.shot("too-long")


def test_two_tabs_and_a_double_click_file_one_request_and_a_second_one_leads_to_it(
    meet: Meet,
) -> None:
    maryam = meet("maryam")
    who = someone(71_006)
    at_matter(maryam)
    fill_in_matter(maryam)
    leaves_matter(maryam)
    confirms_mobile(maryam, who)
    fill_in_herself(maryam, who)
    other = maryam.another_tab("/request/?step=3")
    fill_in_herself(other, who)
    maryam.button(filing_text.FILE).dblclick(no_wait_after=True)
    other.button(filing_text.FILE).dblclick(no_wait_after=True)
    for tab in (maryam, other):
        tab.page.wait_for_url("**/receipt/*/")
    assert maryam.page.url == other.page.url
    code = maryam.page.url.rstrip("/").rpartition("/")[2]
    maryam.goes("/mine/")
    expect(maryam.page.get_by_role("link").filter(has_text=TITLE)).to_have_count(1)
    for step in (1, 2, 3):  # no step lets her write what she cannot file
        maryam.goes(f"/request/?step={step}")
        maryam.sees(filing_text.LIVE_ONE)
        expect(maryam.page.get_by_role("heading", level=1)).to_have_text([filing_text.TITLE])
    expect(maryam.button(filing_text.KEEP_ON)).to_have_count(0)
    link = maryam.page.get_by_role("link", name=filing_text.SEE_IT)
    expect(link.first).to_have_attribute("href", f"/mine/{code}/")
    maryam.shot("second-request")
    maryam.button(filing_text.ANOTHER).click()
    maryam.goes("/request/?step=1")
    chooses_district(maryam, QUIET)
