"""What a citizen reads after a desk's decision obeys WCAG 2.2 AA and fits her screen.

Checked in light and dark.
"""

from deciding_steps import as_official, at_her_page
from filing_steps import TITLE
from person import PATIENT, Meet, Person
from playwright.sync_api import expect
from readable import faults
from support.citizens import citizen, file, someone
from support.served_city import Served
from test_axe import SIZES

from publicmeeting.application import Application
from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import Action
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.tracking import case_text
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step

DISTRICT, OTHER = 12, 11


def takes(
    application: Application, username: str, request: Request, action: Action, **fields: str
) -> None:
    step = TakeStep(code=request.code, action=action, **fields)
    application.execute_as(as_official(application, username), take_step, step)


def test_what_a_desk_has_decided_is_readable_for_everybody(
    meet: Meet, town: Served, application: Application, axe: str
) -> None:
    decided = (
        (
            Action.DECLINE,
            {"reason": "other_body", "note": "کار دادگاه است."},
            case_text.STATUS_DECLINED,
        ),
        (Action.ASK_INFO, {"note": "نشانی دقیق کجاست؟"}, case_text.STATUS_NEEDS_INFO),
        (
            Action.REDIRECT,
            {"district": str(OTHER), "note": "نشانی در منطقهٔ ۱۱ است."},
            case_text.STATUS_REDIRECTED.format(from_district="۱۲", to_district="۱۱"),
        ),
    )
    found: list[str] = []
    for at, (action, fields, head) in enumerate(decided):
        who = someone(72_301 + at)
        keys = citizen(application, who.mobile)
        request = file(application, who, keys, district=str(DISTRICT), title=TITLE)
        takes(application, f"desk{DISTRICT}", request, action, **fields)
        person = at_her_page(meet, town, application, request)
        expect(person.page.get_by_role("heading", name=head, exact=True)).to_be_visible(
            timeout=PATIENT
        )
        found += faults(person, axe, *SIZES)
        if action is Action.ASK_INFO:
            has_one_button_to_answer_with(person)
    assert found == []


def has_one_button_to_answer_with(person: Person) -> None:
    """Check that an open form hides the button that opens it, which would sound like sending."""
    opens = person.button(ACTION[Action.GIVE_INFO])
    expect(person.button(case_text.BUTTON[Action.GIVE_INFO])).to_be_visible()
    expect(opens).to_have_count(0)
    person.button(case_text.CANCEL).click()
    opens.click()
    expect(person.page.locator("[name=note]")).to_be_visible()
    expect(opens).to_have_count(0)
