"""Fewer witnesses in the rules: one administrator proposes them, the overseer announces them.

The overseer's page shows what the change takes away; both see the result.
"""

from person import PATIENT, Meet, Person
from playwright.sync_api import expect
from readable import faults

from publicmeeting.text.line import rules_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.turns.rules.weaker import Weaker

OWN_CITY = True
RULES = "/city/rules/"
SIZES = ((360, 740), (1024, 768), (1280, 800))


def _comes(meet: Meet, name: str, account: str, size: str) -> Person:
    person = meet(name, size)
    person.has_come_in_as(account)
    person.goes(RULES)
    return person


def test_an_administrator_proposes_fewer_witnesses_and_the_overseer_announces_them(
    meet: Meet, axe: str
) -> None:
    overseer = _comes(meet, "overseer", "overseer", "phone")
    overseer.sees(rules_text.NO_PROPOSAL)
    overseer.shot("rules-none")
    admin = _comes(meet, "admin", "admin", "desk")
    witnesses = admin.page.locator("[name=witnesses]")
    witnesses.fill(witnesses.input_value().split("\n")[0])
    admin.button(rules_text.FORM_PREVIEW).click()
    propose = admin.button(rules_text.PROPOSE)
    expect(propose).to_be_visible(timeout=PATIENT)
    admin.sees(rules_text.WEAKER[Weaker.WITNESSES])
    admin.shot("rules-compared")
    propose.click()
    expect(admin.button(rules_text.TAKE_BACK)).to_be_visible(timeout=PATIENT)
    admin.shot("rules-proposed")
    expect(overseer.button(rules_text.AGREE)).to_be_visible(timeout=PATIENT)
    assert faults(overseer, axe, *SIZES) == []
    assert faults(admin, axe, *SIZES) == []
    overseer.button(rules_text.AGREE).click()
    overseer.sees(refusal("rules_unsigned"))
    overseer.shot("rules-unsigned")
    overseer.page.locator("[name=unsigned]").check()
    overseer.button(rules_text.AGREE).click()
    expect(overseer.page.locator("#by-two ~ .notice")).to_contain_text("اعلام شد", timeout=PATIENT)
    overseer.shot("rules-announced")
    expect(admin.button(rules_text.TAKE_BACK)).to_have_count(0, timeout=PATIENT)
    overseer.page.goto("/rules/")
    overseer.sees(rules_text.COMING)
