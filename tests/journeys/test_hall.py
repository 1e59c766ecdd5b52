"""The hall on a Monday: its screen, and a citizen who types its code on her phone."""

from filing_steps import files
from person import PATIENT, Meet
from playwright.sync_api import expect
from road_steps import accepts, confirms, opens_timeline
from support.citizens import someone

from publicmeeting.kit.digits import ascii_digits
from publicmeeting.text.meetings import hall_text, reception_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text

OWN_CITY = True
QUIET = 12


def test_she_types_the_code_of_the_hall_and_reception_reads_it(meet: Meet) -> None:
    maryam, keeper = meet("maryam"), meet("keeper", "desk")
    keeper.goes("/")
    code = files(maryam, someone(73_501), QUIET)
    opens_timeline(maryam, code)
    accepts(meet("desk", "desk"), maryam, code, QUIET)
    keeper.moves_clock("freeze")
    keeper.moves_clock("draw")
    confirms(maryam)
    keeper.moves_clock("meetings")

    reception = meet("reception", "desk")
    reception.signs_in(f"reception{QUIET}")
    reception.page.goto("/hall/")
    reception.button(hall_text.MAKE).click()
    address = reception.page.locator("#display-address").inner_text()
    reception.shot("made")
    assert reception.overflowing() == []
    television = meet("television", "wall")
    television.page.goto(address)
    expect(television.page.locator("#hall")).to_be_visible(timeout=PATIENT)
    assert "#" not in television.page.url
    television.sees(hall_text.CODE)
    shown = television.page.locator("#digits-text").inner_text()
    television.shot("hall")
    assert television.overflowing() == []
    reception.goes("/monday/")

    field = maryam.page.locator("[name=hall]")
    expect(field).to_be_visible(timeout=PATIENT)
    maryam.shot("asked")
    send = maryam.button(case_text.HALL_SEND)
    for typed, word in (("", "need_hall_code"), ("۱۲", "hall_code_form")):
        field.fill(typed)
        send.click()
        maryam.sees(refusal(word))
        expect(field).to_be_focused()
    wrong = "00000" if ascii_digits(shown) != "00000" else "11111"
    field.fill(wrong)
    field.press("Enter")
    maryam.sees(refusal("hall_code_wrong"))
    expect(field).to_have_value(wrong)
    maryam.shot("wrong")
    field.fill(shown)
    send.click()
    expect(field).to_have_count(0)
    maryam.sees(case_text.HALL_NOTED_SEATED)
    maryam.shot("noted")
    maryam.page.reload()
    maryam.sees(case_text.HALL_NOTED_SEATED)
    reception.sees(reception_text.NOTED_PRESENT.partition("{time}")[2].strip())
    reception.shot("reception")
