"""A refused form leads to what is wrong: one field directly, several by a list of links."""

import pytest
from deciding_steps import new_case
from filing_steps import (
    TEXT,
    TITLE,
    chooses_district,
    confirms_mobile,
    fill_in_matter,
    leaves_matter,
)
from person import Meet, Person
from playwright.sync_api import Locator, expect
from readable import faults
from support.citizens import file, someone
from test_focus import answers_late
from test_forms_in_sight import is_whole, opens

from publicmeeting.application import Application
from publicmeeting.domain.stages import Action
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.text.filing import filing_text
from publicmeeting.text.officials import staff_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import tracking_text

DISTRICT = 12


def summary(person: Person) -> Locator:
    return person.page.get_by_role("group", name=chrome_text.WRONG)


def test_several_wrong_fields_are_listed_and_one_has_the_focus_itself(meet: Meet, axe: str) -> None:
    maryam = meet("maryam")
    page = maryam.page
    maryam.goes("/request/")
    chooses_district(maryam, DISTRICT)
    maryam.button(filing_text.KEEP_ON).click()
    wrong = summary(maryam)
    expect(wrong).to_be_focused()
    expect(wrong.get_by_role("link")).to_have_count(3)
    expect(wrong).not_to_contain_text("؟:")
    for field, _, reason in (
        words.partition(":") for words in wrong.get_by_role("link").all_inner_texts()
    ):
        assert field not in reason
    assert is_whole(wrong)
    assert faults(maryam, axe) == []
    maryam.shot("wrong")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    text = page.locator("[name=text]")
    expect(text).to_be_focused()
    text.fill(TEXT)
    page.locator("[name=subject]").select_option("street")
    # Wait before the press until typing is answered, so that the press is answered with errors
    # that her page knows already.
    expect(wrong.get_by_role("link")).to_have_count(1)
    title = page.locator("[name=title]")
    for _ in range(2):
        maryam.button(filing_text.KEEP_ON).click()
        expect(title).to_be_focused()
        expect(wrong).to_have_count(0)
    title.fill(TITLE)
    leaves_matter(maryam)


def test_errors_that_come_late_leave_the_focus_to_whoever_has_gone_on(meet: Meet) -> None:
    maryam = meet("maryam")
    come = answers_late(maryam, '"errors":{"')  # the first state has an empty one
    maryam.goes("/request/")
    chooses_district(maryam, DISTRICT)
    for key, is_focused in ((None, True), ("Tab", False)):
        maryam.button(filing_text.KEEP_ON).click()
        if key:
            maryam.page.keyboard.press(key)
        come()
        expect(summary(maryam)).to_be_visible()
        maryam.settles()
        assert summary(maryam).evaluate("one => one === document.activeElement") is is_focused


def test_the_doors_lead_to_the_field_that_was_refused(meet: Meet) -> None:
    maryam = meet("maryam")
    page = maryam.page
    maryam.goes("/enter/")
    page.locator("[name=mobile]").fill("0912")
    maryam.button(filing_text.SEND_CODE).click()
    expect(page.locator("[name=mobile]")).to_be_focused()
    expect(page.locator("#mobile-error .error")).to_be_visible()
    page.locator("[name=mobile]").fill(someone(72_201).mobile)
    maryam.button(filing_text.SEND_CODE).click()
    page.locator("[name=code]").fill("000000")
    maryam.button(filing_text.CHECK_CODE).click()
    expect(page.locator("#code-error .error")).to_be_visible()
    expect(page.locator("[name=code]")).to_be_focused()
    maryam.shot("code-wrong")


def test_the_steps_of_a_request_do_so_too(meet: Meet) -> None:
    maryam = meet("maryam")
    page = maryam.page
    maryam.goes("/request/")
    chooses_district(maryam, DISTRICT)
    fill_in_matter(maryam)
    leaves_matter(maryam)
    page.locator("[name=mobile]").fill("0912")
    maryam.button(filing_text.SEND_CODE).click()
    expect(page.locator("#mobile-error .error")).to_be_visible()
    expect(page.locator("[name=mobile]")).to_be_focused()
    confirms_mobile(maryam, someone(72_202))
    maryam.button(filing_text.KEEP_ON).click()
    expect(summary(maryam)).to_be_focused()
    expect(summary(maryam).get_by_role("link")).to_have_count(2)
    page.locator("[name=identity]").fill("۱۲۳۴۵۶۷۸۹۰")
    page.locator("[name=name]").fill("مریم احمدی")
    maryam.button(filing_text.KEEP_ON).click()
    expect(page.locator("#identity-error")).to_contain_text(refusal("national_code_check"))
    expect(page.locator("[name=identity]")).to_be_focused()
    expect(page.locator("[name=identity]")).to_have_value("۱۲۳۴۵۶۷۸۹۰")
    expect(page.locator("[name=name]")).to_have_value("مریم احمدی")


def test_a_code_that_is_not_found_leads_to_both_fields_and_names_neither(
    meet: Meet, application: Application, axe: str
) -> None:
    """And the right one shows the stages, to whoever knows it, and no word of the request."""
    maryam = meet("maryam")
    page = maryam.page
    maryam.goes("/track/")
    page.locator("[name=code]").fill("0512000007")
    page.locator("[name=last_four]").fill("1234")
    maryam.button(tracking_text.FIND).click()
    wrong = page.get_by_role("group", name=refusal("tracking_unknown"))
    expect(wrong).to_be_focused()
    assert faults(maryam, axe) == []
    maryam.shot("not-found")
    links = wrong.get_by_role("link")
    expect(links).to_have_count(2)
    links.last.press("Enter")
    expect(page.locator("[name=last_four]")).to_be_focused()
    expect(page.locator("[name=code]")).to_have_value("۰۵۱۲۰۰۰۰۰۷")
    case = file(application, someone(72_203), district=str(DISTRICT), title=TITLE)
    page.locator("[name=code]").fill(persian(case.code))
    page.locator("[name=last_four]").fill(persian(someone(72_203).mobile[-4:]))
    maryam.button(tracking_text.FIND).click()
    expect(page.get_by_text(tracking_text.STAGES_ONLY)).to_be_visible()
    expect(page.get_by_text(TITLE)).to_have_count(0)
    maryam.shot("stages-only")


def test_a_complete_code_is_not_doubted_when_the_digits_beside_it_are_cut_off(meet: Meet) -> None:
    maryam = meet("maryam")
    page = maryam.page
    maryam.goes("/track/")
    page.locator("[name=code]").fill("۰۵۱۲۰۰۰۰۰۷")
    page.locator("[name=last_four]").fill("۱۲")
    maryam.button(tracking_text.FIND).click()
    expect(page.locator("[name=last_four]")).to_be_focused()
    expect(page.locator("#last_four-error")).to_have_text(tracking_text.WRONG_BOTH["last_four"])
    expect(page.locator("#code-error")).to_be_empty()
    page.locator("[name=code]").fill("۰۵۱۲")
    maryam.button(tracking_text.FIND).click()
    both = page.get_by_role("group", name=refusal("tracking_short"))
    expect(both.get_by_role("link")).to_have_count(2)


@pytest.mark.parametrize("size", ["phone", "tablet"])
def test_a_step_of_an_official_lists_what_it_lacks(
    size: str, meet: Meet, application: Application, axe: str
) -> None:
    desk = meet(f"desk-{size}", size)
    page = desk.page
    desk.has_come_in_as("desk6")
    desk.goes(f"/desk/?case={new_case(application, 6)}")
    opens(desk, Action.REDIRECT)
    page.keyboard.press("Control+Enter")
    wrong = summary(desk)
    expect(wrong).to_be_focused()
    expect(wrong.get_by_role("link")).to_have_count(2)
    assert is_whole(wrong)
    assert faults(desk, axe) == []
    desk.shot("lacks")
    wrong.get_by_role("link").last.press("Enter")
    expect(page.locator("#note")).to_be_focused()
    page.locator("#note").fill(TEXT)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#district")).to_be_focused()
    expect(page.locator("#note")).to_have_value(TEXT)


def test_a_prepared_sentence_leads_nobody_away_while_errors_stand(
    meet: Meet, application: Application
) -> None:
    desk = meet("desk", "desk")
    page = desk.page
    desk.has_come_in_as("desk6")
    desk.goes(f"/desk/?case={new_case(application, 6)}")
    opens(desk, Action.DECLINE)
    page.keyboard.press("Control+Enter")
    expect(summary(desk).get_by_role("link")).to_have_count(2)
    page.get_by_text(staff_text.TEMPLATES).click()
    page.locator("details[open] button[type=button]").first.click()
    note = page.locator("#note")
    expect(note).not_to_have_value("")
    expect(page.locator("#reason-error .error")).to_be_visible()
    desk.rests()
    expect(note).to_be_focused()
