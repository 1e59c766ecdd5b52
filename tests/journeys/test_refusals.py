"""A refusal gives its reason in Persian beside the field, and nothing that was typed is lost."""

import re
from pathlib import Path

import pytest
from filing_steps import (
    TEXT,
    TITLE,
    chooses_district,
    confirms_mobile,
    files,
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
from publicmeeting.text.filing import filing_text, receipt_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import tracking_text
from publicmeeting.usecases.base import MAX_TEXT

QUIET = 12
OVERRIDE = "\u202e"
"""Right-to-left override, which reverses what follows on the screen."""


def at_matter(person: Person) -> None:
    person.goes("/request/")
    chooses_district(person, QUIET)


def at_herself(person: Person, number: int) -> None:
    at_matter(person)
    fill_in_matter(person)
    leaves_matter(person)
    confirms_mobile(person, someone(number))


def test_a_wrong_national_code_is_refused_beside_its_field_and_the_name_stays(meet: Meet) -> None:
    maryam = meet("maryam")
    at_herself(maryam, 71_001)
    page = maryam.page
    page.locator("[name=identity]").fill("۱۲۳۴۵۶۷۸۹۰")
    page.locator("[name=name]").fill("مریم احمدی")
    maryam.button(filing_text.KEEP_ON).click()
    expect(page.locator("#identity-error")).to_contain_text(refusal("national_code_check"))
    expect(page.locator("[name=identity]")).to_have_value("۱۲۳۴۵۶۷۸۹۰")
    expect(page.locator("[name=name]")).to_have_value("مریم احمدی")
    maryam.shot("wrong-identity")


def test_a_code_typed_wrong_five_times_is_dead_even_when_it_comes_right(meet: Meet) -> None:
    maryam = meet("maryam")
    at_matter(maryam)
    fill_in_matter(maryam)
    leaves_matter(maryam)
    page = maryam.page
    page.locator("[name=mobile]").fill(someone(71_002).mobile)
    maryam.button(filing_text.SEND_CODE).click()
    expect(page.locator("[name=code]")).to_be_visible()
    maryam.is_alive()
    code = maryam.reads_code()
    wrong = str((int(code) + 1) % 10**6).zfill(6)
    for refused in (*["code_wrong"] * 4, "code_tries"):
        page.locator("[name=code]").fill(wrong)
        with page.expect_navigation():  # four answers have the same text
            maryam.button(filing_text.CHECK_CODE).click()
        expect(page.locator("#code-error")).to_contain_text(refusal(refused))
        maryam.is_alive()
    page.locator("[name=code]").fill(code)
    with page.expect_navigation():
        maryam.button(filing_text.CHECK_CODE).click()
    expect(page.locator("#code-error")).to_contain_text(refusal("code_tries"))
    maryam.shot("code-dead")


def test_an_unknown_tracking_code_and_wrong_digits_have_the_same_answer(meet: Meet) -> None:
    maryam = meet("maryam")
    code = files(maryam, someone(71_003), QUIET)
    stranger = meet("stranger")
    answers = []
    for typed, digits in ((code, "0000"), ("0512000007", "0000")):
        stranger.goes("/track/")
        stranger.page.locator("[name=code]").fill(typed)
        stranger.page.locator("[name=last_four]").fill(digits)
        stranger.button(tracking_text.FIND).click()
        stranger.sees(refusal("tracking_unknown"))
        stranger.is_alive()
        main = stranger.page.locator("main").inner_text()
        answers.append(re.sub("[۰-۹0-9]{10}", "", main + stranger.page.url))
    assert answers[0] == answers[1]
    stranger.shot("unknown-code")
    stranger.page.locator("[name=code]").fill(persian(code))
    stranger.page.locator("[name=last_four]").fill(persian(someone(71_003).mobile[-4:]))
    stranger.button(tracking_text.FIND).click()
    expect(stranger.page.get_by_text(tracking_text.STAGES_ONLY)).to_be_visible()
    expect(stranger.page.get_by_text(TITLE)).to_have_count(0)
    stranger.shot("stages-only")


@pytest.mark.parametrize("what", PRETENDERS)
def test_what_only_pretends_to_be_a_photo_is_refused_in_words(meet: Meet, what: str) -> None:
    maryam = meet("maryam")
    maryam.may_fail("422", "413")
    at_matter(maryam)
    file = pretender(what)
    maryam.adds_photo(file)
    row = maryam.page.get_by_role("alert").filter(has_text=file["name"])
    expect(row).to_be_visible()
    expect(row).not_to_contain_text(chrome_text.PHOTO_FAILED)
    words = row.inner_text().replace(file["name"], "")
    assert re.search("[آ-ی]", words)
    assert not re.search("[A-Za-z]{4}", words)
    maryam.shot("not-a-photo")
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


def test_fifteen_megabytes_that_cannot_be_made_smaller_are_refused_before_they_are_sent(
    meet: Meet, tmp_path: Path
) -> None:
    maryam = meet("maryam")
    at_matter(maryam)
    maryam.adds_photo(on_disk(broken_photo(15), tmp_path))
    row = maryam.page.get_by_role("alert").filter(has_text="heavy.jpg")
    expect(row).to_contain_text(refusal("photo_too_large", megabytes=12))
    maryam.shot("too-heavy")


def test_ten_thousand_characters_are_told_their_limit_and_stay_in_the_field(meet: Meet) -> None:
    maryam = meet("maryam")
    at_matter(maryam)
    long = "سنگ‌فرش شکسته " * 715
    fill_in_matter(maryam, text=long)
    text = maryam.page.locator("[name=text]")
    expect(maryam.page.locator("#text-count")).to_have_text(persian(len(long)))
    maryam.button(filing_text.KEEP_ON).click()
    expect(maryam.page.locator("#text-error")).to_contain_text(persian(MAX_TEXT), timeout=PATIENT)
    expect(text).to_have_value(long)
    maryam.page.reload()
    maryam.is_alive()
    expect(text).to_have_value(long)
    expect(maryam.page.locator("#text-error")).to_contain_text(persian(MAX_TEXT), timeout=PATIENT)
    maryam.shot("too-long")


def test_signs_that_turn_words_around_do_not_reach_anybodys_screen(meet: Meet) -> None:
    maryam = meet("maryam")
    who = someone(71_004)
    at_matter(maryam)
    fill_in_matter(maryam, title=f"{TITLE}{OVERRIDE}gpj.exe", text=f"{OVERRIDE}{TEXT}")
    leaves_matter(maryam)
    confirms_mobile(maryam, who)
    fill_in_herself(maryam, who)
    maryam.button(filing_text.FILE).click()
    maryam.page.wait_for_url("**/receipt/*/")
    maryam.page.get_by_role("link", name=receipt_text.FOLLOW).click()
    expect(maryam.page.get_by_role("heading", name=TITLE)).to_be_visible()
    assert OVERRIDE not in maryam.page.content()


def test_a_second_live_request_is_refused_and_leads_to_the_first(meet: Meet) -> None:
    maryam = meet("maryam")
    code = files(maryam, someone(71_005), QUIET)
    maryam.goes("/request/?step=1")
    maryam.sees(filing_text.LIVE_ONE)
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


def test_two_tabs_that_file_at_once_and_a_double_click_file_one_request(meet: Meet) -> None:
    maryam = meet("maryam")
    who = someone(71_006)
    at_herself(maryam, 71_006)
    fill_in_herself(maryam, who)
    other = maryam.another_tab("/request/?step=3")
    fill_in_herself(other, who)
    maryam.button(filing_text.FILE).dblclick(no_wait_after=True)
    other.button(filing_text.FILE).dblclick(no_wait_after=True)
    for tab in (maryam, other):
        tab.page.wait_for_url("**/receipt/*/")
    assert maryam.page.url == other.page.url
    maryam.goes("/mine/")
    expect(maryam.page.get_by_role("link").filter(has_text=TITLE)).to_have_count(1)
