"""A shared browser: a person who begins a request is asked whether the draft in it is hers."""

from filing_steps import TITLE, chooses_district, fill_in_matter, leaves_matter
from person import Meet
from playwright.sync_api import expect

from publicmeeting.text.filing import filing_text


def test_whoever_comes_next_reads_a_question_and_no_word_of_another(meet: Meet) -> None:
    maryam = meet("maryam")
    maryam.goes("/request/")
    chooses_district(maryam, 12)
    fill_in_matter(maryam)
    leaves_matter(maryam)
    maryam.goes("/request/")
    question = maryam.page.get_by_text(filing_text.LEFT.partition("{")[0])
    expect(question).to_be_visible()
    expect(maryam.page.get_by_text(TITLE)).to_have_count(0)
    expect(maryam.page.locator("[name=title]")).to_have_count(0)
    maryam.shot("left-light")
    maryam.page.emulate_media(color_scheme="dark")
    maryam.shot("left-dark")
    maryam.page.emulate_media(color_scheme="light")
    maryam.button(filing_text.LEFT_MINE).click()
    expect(maryam.page.get_by_role("heading", name=filing_text.SELF_TITLE)).to_be_visible()
    maryam.goes("/request/")
    maryam.button(filing_text.LEFT_NOT_MINE).click()
    expect(maryam.page.get_by_role("heading", name=filing_text.DISTRICT_TITLE)).to_be_visible()
    maryam.goes("/request/?step=2")
    expect(question).to_have_count(0)
    expect(maryam.page.locator("[name=title]")).to_have_count(0)
