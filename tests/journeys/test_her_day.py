"""Her phone on the Monday: the code of the hall, her number, and a call that she cannot miss."""

from filing_steps import TITLE, files
from person import PATIENT, Meet, Person
from playwright.sync_api import expect
from readable import faults
from road_steps import accepts, arrives, confirms, of_her, opens_timeline
from support.citizens import someone

from publicmeeting.domain.stages import Action
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.text.common.dates_text import times
from publicmeeting.text.lifecycle.actions_text import MEANING
from publicmeeting.text.meetings import hall_text, reception_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text, day_text
from publicmeeting.ui.design.frames import LINES

OWN_CITY = True
QUIET = 12
WHO = someone(73_601)
_SHAKES = "window.shakes = 0; navigator.vibrate = () => Boolean(window.shakes += 1)"
_SIGN = "document.querySelector('link[rel~=icon]').getAttribute('href')"


def comes(meet: Meet) -> tuple[Person, Person, str]:
    """Let a citizen with a seat of today arrive; return her, reception and her code."""
    maryam, keeper = meet("maryam"), meet("keeper", "desk")
    maryam.context.add_init_script(_SHAKES)
    keeper.goes("/")
    code = files(maryam, WHO, QUIET)
    opens_timeline(maryam, code)
    accepts(meet("desk", "desk"), maryam, code, QUIET)
    keeper.moves_clock("freeze")
    keeper.moves_clock("draw")
    confirms(maryam)
    keeper.moves_clock("meetings")
    maryam.sees(day_text.NUMBER)
    maryam.shot("day")
    reception = meet("reception", "desk")
    types_the_code_of_the_hall(meet, maryam)
    arrives(reception, code, WHO, QUIET)
    maryam.sees(day_text.MEANS["here"])
    maryam.shot("here")
    assert maryam.overflowing() == []
    return maryam, reception, code


def types_the_code_of_the_hall(meet: Meet, maryam: Person) -> None:
    """Reception opens the hall's screen, she types its code, and reception reads that."""
    reception = meet("colleague", "desk")
    reception.has_come_in_as(f"reception{QUIET}")
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
    expect(maryam.page.locator("[data-answer]:focus")).to_contain_text("ثبت است")
    maryam.shot("noted")
    maryam.page.reload()
    maryam.sees(case_text.HALL_NOTED_SEATED)
    reception.sees(reception_text.NOTED_PRESENT.partition("{time}")[2].strip())
    reception.shot("reception")


def calls(reception: Person) -> None:
    line = reception.page.locator(f"#{LINES} > li").filter(has_text=TITLE)
    line.get_by_role("button", name=of_her(Action.CALL, WHO.name)).click()


def test_a_call_is_seen_felt_and_answered(meet: Meet, axe: str) -> None:
    maryam, reception, code = comes(meet)
    title = maryam.page.title()
    other = maryam.another_tab(f"/mine/{code}/")
    other.sees(day_text.MEANS["here"])
    calls(reception)
    alert = maryam.page.get_by_role("alert").filter(has_text=day_text.HEAD["called"])
    expect(alert).to_be_visible(timeout=PATIENT)
    expect(alert).to_be_in_viewport(ratio=1)
    maryam.until(lambda: maryam.page.title() == day_text.CALLED_TITLE)
    assert maryam.page.evaluate(_SIGN) == "/icon-called.svg"
    assert maryam.page.evaluate("window.shakes") == 1
    maryam.shot("called")
    assert faults(maryam, axe) == []
    other.sees(day_text.HEAD["called"])

    calls(reception)
    again = day_text.AGAIN["called"].format(times=times(2))
    maryam.sees(again)
    maryam.until(lambda: maryam.page.evaluate("window.shakes") == 2)
    maryam.shot("called-again")
    maryam.button(day_text.COMING).click()
    maryam.sees(MEANING[Action.COMING])
    maryam.sees(day_text.HEAD["coming"])
    maryam.until(lambda: maryam.page.title() == title)
    assert maryam.page.evaluate(_SIGN) == "/icon.svg"
    maryam.shot("coming")
    expect(maryam.button(day_text.COMING)).to_have_count(0)
    expect(other.button(day_text.COMING)).to_have_count(0)
    reception.sees(reception_text.COMING.partition("{time}")[2].strip())
    reception.shot("reception")

    maryam.page.reload()
    maryam.sees(day_text.HEAD["coming"])
    assert maryam.page.evaluate("window.shakes") == 0, "what was noticed shakes no more"
    maryam.may_fail("ERR_INTERNET_DISCONNECTED")
    maryam.loses_network()
    maryam.sees(day_text.STALE.partition("{")[0].strip())
    maryam.shot("stale")
    maryam.finds_network()
