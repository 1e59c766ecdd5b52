"""The administrator closes a Monday because of smog; everybody with a seat learns of it at once."""

from axe_core import violations
from person import Meet
from playwright.sync_api import expect

from publicmeeting.domain.choices import ClosureReason
from publicmeeting.domain.stages import Action
from publicmeeting.text.districts import calendar_text
from publicmeeting.text.lifecycle.actions_text import DONE
from publicmeeting.text.lifecycle.reasons_text import CLOSURE_WORD, closure
from publicmeeting.text.meetings import agenda_text
from publicmeeting.text.refusals.refusals_text import refusal

OWN_CITY = True

CANCELLED = DONE[Action.CANCEL_MONDAY]


def test_a_closed_monday_is_read_before_it_is_closed_and_told_at_once(meet: Meet, axe: str) -> None:
    guest = meet("guest")
    guest.becomes("citizen/confirmed")
    expect(guest.page.get_by_text(CANCELLED)).to_have_count(0)

    admin = meet("admin", "desk")
    admin.becomes("administrator")
    admin.sees(calendar_text.TITLE)
    admin.button(calendar_text.PREVIEW).click()
    admin.sees(refusal("need_reason"))
    expect(admin.button(calendar_text.DO)).to_have_count(0)
    admin.page.get_by_text(CLOSURE_WORD[ClosureReason.POLLUTION]).click()
    admin.button(calendar_text.PREVIEW).click()
    admin.sees(calendar_text.NO_WAY_BACK)
    admin.sees(calendar_text.OWED.partition("}")[2].partition(".")[0].strip())
    admin.rests()
    assert violations(admin.page, axe) == []
    assert admin.overflowing() == []
    admin.shot("closing")
    admin.button(calendar_text.DO).click()
    admin.sees(f"{calendar_text.WHOLE_CITY}: {closure(ClosureReason.POLLUTION)}")
    admin.page.reload()
    admin.is_alive()
    admin.sees(f"{calendar_text.WHOLE_CITY}: {closure(ClosureReason.POLLUTION)}")

    guest.sees(CANCELLED)
    guest.shot("closed")
    mayor = meet("mayor", "tablet")
    mayor.becomes("mayor")
    mayor.sees(closure(ClosureReason.POLLUTION))
    expect(mayor.page.get_by_text(agenda_text.CLOSED)).to_be_in_viewport(ratio=1)
    mayor.shot("closed")
