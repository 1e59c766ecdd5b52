"""Steps from a request to the mayor's room, each taken by a person on her own screen."""

import re

from filing_steps import TITLE
from person import PATIENT, PICTURES, Person
from playwright.sync_api import Locator, expect
from readable import faults
from support.citizens import Someone

from publicmeeting.application import Application
from publicmeeting.domain.lifecycle.notices import Delivery
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.text.common.dates_text import times
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.meetings import agenda_text, reception_text
from publicmeeting.text.officials import inbox_text
from publicmeeting.text.tracking import day_text
from publicmeeting.ui.design.frames import LINES
from publicmeeting.ui.staff.monday.state import SEEK

NOBODYS = "0506000000"
"""A code that a scanner may read, but that belongs to no request."""


def of_her(action: Action, name: str = "") -> re.Pattern[str]:
    """Return the accessible name of a button in reception's list: action and number.

    If she is shown by name, the name belongs to it.
    """
    return re.compile(f"^{ACTION[action]}{reception_text.OF_NUMBER}[۰-۹]+ {name}")


def opens_timeline(citizen: Person, code: str) -> None:
    citizen.goes(f"/mine/{code}/")
    citizen.sees(DONE[Action.SUBMIT])
    citizen.shot("submitted")


def accepts(desk: Person, citizen: Person, code: str, district: int) -> None:
    desk.signs_in(f"desk{district}")
    desk.shot("inbox")
    desk.goes(f"/desk/?case={code}")
    accept = desk.button(ACTION[Action.ACCEPT])
    expect(accept).to_be_visible()
    desk.shot("case")
    accept.click()
    desk.page.locator("#send-step").click()
    desk.sees(inbox_text.SENT.format(stage=STAGE[Stage.WAITING]))
    desk.shot("accepted")
    citizen.sees(DONE[Action.ACCEPT])
    citizen.shot("waiting")


def confirms(citizen: Person) -> None:
    confirm = citizen.button(ACTION[Action.CONFIRM])
    expect(confirm).to_be_visible(timeout=PATIENT)
    citizen.shot("invited")
    confirm.click()
    citizen.sees(DONE[Action.CONFIRM])
    citizen.shot("confirmed")


def arrives(reception: Person, code: str, who: Someone, district: int) -> None:
    reception.signs_in(f"reception{district}")
    reception.shot("hall")
    card = is_found(reception, code)
    card.press("Escape")
    expect(card).to_have_count(0)
    card = is_found(reception, code)
    card.fill(persian(who.identity))
    reception.shot("identity")
    reception.page.locator("#send-step").click()
    reception.sees(reception_text.HERE)
    reception.shot("arrived")


def is_found(reception: Person, code: str) -> Locator:
    """Find her by her code; returns the field for the number of her card."""
    reception.page.locator(f"#{SEEK}").fill(persian(code))
    reception.button(reception_text.FIND).click()
    card = reception.page.locator("[name=identity]")
    expect(card).to_be_focused()
    return card


def scans_beside_the_field(reception: Person) -> None:
    """Scan while a button has the focus: the scan must go to the field and press nothing."""
    field = reception.page.locator(f"#{SEEK}")
    expect(field).to_be_focused()
    field.blur()
    reception.page.keyboard.press("KeyJ")
    expect(reception.page.locator(f"#{LINES} button:focus")).to_have_count(1)
    reception.page.keyboard.type(NOBODYS)
    expect(field).to_have_value(NOBODYS)
    reception.page.keyboard.press("Enter")
    expect(reception.page.get_by_text(reception_text.NOT_HERE).first).to_be_visible()


def is_called_twice(
    reception: Person, citizen: Person, code: str, application: Application, axe: str
) -> None:
    """Call her twice: her open page shows each call at once, her phone has an SMS of the first."""
    citizen.page.evaluate("window.lies = 'open'")
    alert = citizen.page.get_by_role("alert").filter(has_text=day_text.MEANS["called"])
    line = reception.page.locator(f"#{LINES} > li").filter(has_text=TITLE)
    call = line.get_by_role("button", name=of_her(Action.CALL))
    again = day_text.AGAIN["called"].format(times=times(2))
    for many, head, texts in ((1, day_text.HEAD["called"], 1), (2, again, 1)):
        call.click()
        # A press counts only with the number of calls that its page showed.
        expect(line).to_contain_text(reception_text.CALLED.format(times=times(many)))
        expect(alert.get_by_role("heading", name=head, exact=True)).to_be_visible(timeout=PATIENT)
        expect(alert).to_be_in_viewport(ratio=1)
        citizen.shot("called")
        assert len(texts_of_calls(application, code)) == texts
    assert citizen.page.evaluate("window.lies") == "open"
    is_for_everybody(axe, citizen, reception)


def is_for_everybody(axe: str, *people: Person) -> None:
    """Check the open pages as they are now: nothing too wide, nothing that WCAG forbids."""
    for person in people:
        assert person.overflowing() == []
        assert faults(person, axe) == []


def texts_of_calls(application: Application, code: str) -> list[Delivery]:
    """Return the delivery of each SMS to her that says «called»."""
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        request = uow.requests.find(code)
        assert request is not None
        notices = uow.outbox.of_request(request.id, Role.CITIZEN)
    states = [Delivery(notice.state) for notice in notices if notice.action == Action.CALL]
    return [state for state in states if state is not Delivery.SHOWN]


def is_called_in(mayor: Person, citizen: Person, district: int) -> None:
    """Call her in from the mayor's day page, which stays open."""
    mayor.signs_in(f"mayor{district}")
    expect(mayor.button(agenda_text.CALL_IN).first).to_be_visible()
    mayor.shot("agenda")
    mayor.button(agenda_text.CALL_IN).first.click()
    citizen.sees(DONE[Action.CALL_IN])


def measured(what: str, seconds: float) -> None:
    """Write a duration beside the pictures; it fails nothing, because machines may be busy."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (PICTURES / "measured.txt").open("a", encoding="utf-8") as file:
        file.write(f"{what}: {seconds * 1000:.0f} ms\n")
