"""Ten dice: announced by an administrator, rolled once by a witness, read by all who watch."""

from datetime import date, timedelta

from axe_core import violations
from person import Meet, Person, soon
from playwright.sync_api import expect

from publicmeeting.application import Application
from publicmeeting.domain.roles import NOBODY
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words, iso
from publicmeeting.text.line import rules_text, witness_text
from publicmeeting.text.public_record import ceremony_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.turns.verification import verify
from publicmeeting.usecases.public_record.ceremony import Ceremony, OneMonday
from publicmeeting.usecases.public_record.ceremony import ceremony as ceremony_of

OWN_CITY = True

DIGITS = "4161352263"
WEEK = timedelta(weeks=1)
BUSY = 6


def test_dice_are_announced_rolled_and_become_part_of_the_draw(
    meet: Meet, application: Application, axe: str
) -> None:
    monday = _announced(meet("admin", "desk"), axe)
    keeper = meet("keeper", "desk")
    keeper.goes("/draws/")
    # Week by week, until that Monday's own week has come.
    for _ in range((monday - _today(application)) // WEEK):
        keeper.moves_clock("meetings")
    crowd = meet("crowd", "wall")
    crowd.goes(f"/ceremony/?monday={iso(monday)}")
    crowd.sees(ceremony_text.DICE)
    expect(crowd.page.get_by_text(ceremony_text.NO_DICE)).to_have_count(0)
    crowd.shot("dice-announced")
    keeper.moves_clock("freeze")
    press = meet("press", "tablet")
    press.becomes("witness/press")
    expect(press.page.locator("[name=digits]")).to_have_count(0)
    keeper.moves_clock("dice")
    _rolls(press, axe)
    crowd.sees(ceremony_text.DICE)
    for digit in set(DIGITS):
        expect(
            crowd.page.locator(".ceremony-dice").get_by_text(persian(digit)).first
        ).to_be_visible()
    crowd.rests()
    assert violations(crowd.page, axe) == []
    crowd.shot("dice-rolled")

    keeper.moves_clock("draw")
    soon(lambda: all(one.figures.state == "drawn" for one in _seen(application, monday).draws))
    crowd.sees(ceremony_text.NOW["drawn"])
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        drawn = uow.draws.get(BUSY, monday)
    assert drawn is not None
    assert drawn.file["late_value"] == DIGITS
    assert verify(drawn.file) == ()
    assert verify({**drawn.file, "late_value": DIGITS[::-1]}) != ()
    crowd.shot("drawn-with-dice")


def _announced(admin: Person, axe: str) -> date:
    """New rules that roll dice; gives the first Monday they hold for."""
    admin.has_come_in_as("admin")
    admin.goes("/city/rules/")
    first = admin.page.locator("[name=from_on]")
    expect(first.locator("option").first).to_be_attached()
    monday = date.fromisoformat(first.input_value())
    admin.page.get_by_text(rules_text.FORM_DICE_YES, exact=True).click()
    admin.button(rules_text.FORM_PREVIEW).click()
    announce = admin.button(rules_text.FORM_ANNOUNCE)
    expect(announce).to_be_visible()
    admin.rests()
    assert violations(admin.page, axe) == []
    admin.shot("rules")
    announce.click()
    admin.sees(rules_text.FORM_DONE.format(version=persian(2), day=day_words(monday)))
    return monday


def _rolls(press: Person, axe: str) -> None:
    """Wrong ones first: nothing typed is lost, and nothing is written."""
    digits = press.page.locator("[name=digits]")
    expect(digits).to_be_visible()
    digits.fill(persian("4161352267"))
    press.button(witness_text.ROLL).click()
    press.sees(refusal("dice_form"))
    expect(digits).to_have_value(persian("4161352267"))
    press.rests()
    assert violations(press.page, axe) == []
    press.shot("dice")
    digits.fill(persian(DIGITS))
    press.button(witness_text.ROLL).click()
    press.sees(witness_text.DONE_ROLL)
    press.sees(witness_text.DICE_GIVEN.format(digits=persian(DIGITS)))
    expect(digits).to_have_count(0)


def _today(application: Application) -> date:
    return application.city_now().date()


def _seen(application: Application, monday: date) -> Ceremony:
    return application.query_as(NOBODY, ceremony_of, OneMonday(monday=iso(monday)))
