"""The main road: a citizen's request, her Monday, the mayor's order, and the finished work.

Five people act on five screens; nobody reloads an open page.
"""

import time

from filing_steps import (
    chooses_district,
    confirms_mobile,
    fill_in_herself,
    fill_in_matter,
    leaves_matter,
    presses_file,
    sends_photo,
)
from person import PATIENT, Meet, Person
from pictures import photo
from playwright.sync_api import expect
from road_steps import (
    accepts,
    arrives,
    confirms,
    is_called_in,
    is_called_twice,
    is_for_everybody,
    measured,
    opens_timeline,
    scans_beside_the_field,
)
from support.citizens import someone

from publicmeeting.application import Application
from publicmeeting.domain.stages import Action, OrderAction, OrderStage
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE
from publicmeeting.text.meetings import meeting_text
from publicmeeting.text.tracking import case_text

OWN_CITY = True

QUIET = 12
"""A district in which everybody who waits gets a seat."""
ORDER = "پیاده‌روی روبه‌روی پلاک ۱۲ تا پایان آذر ترمیم شود."
REPORT = "سنگ‌فرش از پلاک ۱۰ تا ۱۶ عوض شد."


def test_a_request_becomes_work_that_is_done(
    meet: Meet, application: Application, axe: str
) -> None:
    who = someone(70_001)
    maryam, keeper = meet("maryam"), meet("keeper", "desk")
    keeper.goes("/")

    code = _files(maryam, who)
    opens_timeline(maryam, code)
    desk = meet("desk", "desk")
    accepts(desk, maryam, code, QUIET)

    keeper.moves_clock("freeze")
    keeper.moves_clock("draw")
    confirms(maryam)
    keeper.moves_clock("meetings")

    reception = meet("reception", "desk")
    arrives(reception, code, who, QUIET)
    maryam.sees(DONE[Action.ARRIVE])
    maryam.shot("arrived")
    scans_beside_the_field(reception)
    is_called_twice(reception, maryam, code, application, axe)

    mayor = meet("mayor", "tablet")
    is_called_in(mayor, maryam, QUIET)
    is_for_everybody(axe, mayor, desk)
    _is_received(mayor, maryam, code)
    _work_is_done(meet("unit", "desk"), maryam, code)


def _files(maryam: Person, who: object) -> str:
    maryam.goes("/")
    maryam.shot("home")
    maryam.goes("/request/")
    maryam.shot("district")
    chooses_district(maryam, QUIET)
    fill_in_matter(maryam)
    sends_photo(maryam)
    maryam.shot("matter")
    leaves_matter(maryam)
    maryam.shot("mobile")
    confirms_mobile(maryam, who)
    fill_in_herself(maryam, who)
    maryam.shot("review")
    code = presses_file(maryam)
    expect(maryam.page.locator("article.pass")).to_be_visible()
    maryam.rests()
    maryam.shot("receipt")
    return code


def _is_received(mayor: Person, maryam: Person, code: str) -> None:
    mayor.goes(f"/mayor/meeting/{code}/")
    mayor.button(meeting_text.PHOTO).click()
    mayor.adds_photo(photo("paper.jpg", "#e9e2d0", (900, 1270)), "paper")
    expect(mayor.page.get_by_role("img", name=meeting_text.PAPER_ALT).first).to_be_visible(
        timeout=2 * PATIENT
    )
    mayor.button(meeting_text.TYPE).click()
    mayor.page.locator("#text").fill(ORDER)
    mayor.page.locator("#promise").fill(ORDER)
    mayor.shot("sheet")
    begun = time.monotonic()
    mayor.button(meeting_text.FINISH).click()
    image = maryam.page.get_by_role("img", name=case_text.ORDER_IMAGE).first
    expect(image).to_be_visible(timeout=2 * PATIENT)
    measured("from the mayor's touch to the citizen's picture", time.monotonic() - begun)
    expect(mayor.page.get_by_text(meeting_text.FINISHED_REST)).to_be_visible()
    mayor.shot("finished")
    maryam.rests()
    maryam.shot("ordered")


def _work_is_done(unit: Person, maryam: Person, code: str) -> None:
    unit.signs_in(f"unit{QUIET}")
    unit.shot("orders")
    unit.page.get_by_role("link").filter(has_text="پیاده‌روی شکستهٔ خیابان ری").first.click()
    unit.button(ACTION[OrderAction.TAKE_ON]).click()
    unit.page.locator("#send-step").click()
    maryam.sees(ORDER_STAGE[OrderStage.IN_ACTION])
    unit.button(ACTION[OrderAction.REPORT]).click()
    unit.page.locator("[name=note]").fill(REPORT)
    unit.adds_photo(photo("after.jpg", "#6d8a74"), "report")
    unit.shot("report")
    unit.rests()
    unit.page.locator("#send-step").click()
    done = maryam.button(ACTION[OrderAction.CONFIRM_DONE])
    expect(done).to_be_visible(timeout=PATIENT)
    maryam.sees(REPORT)
    unit.shot("reported")
    maryam.shot("reported")
    done.click()
    maryam.sees(ORDER_STAGE[OrderStage.DONE])
    maryam.shot("done")
    assert code in maryam.page.url
