"""A telephone number that is somebody else's by now opens nobody's files."""

import re

from axe_core import violations
from person import Meet, Person
from playwright.sync_api import expect
from support.served_city import Served

from publicmeeting.application import Application
from publicmeeting.domain.identity import Level
from publicmeeting.domain.lifecycle.advance import why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.people import local_mobile
from publicmeeting.domain.records import Person as Citizen
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.filing import filing_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import recycled_text


def somebody(application: Application, *, place: int) -> tuple[Citizen, Request]:
    """A citizen of the pretend city with a case that may be erased by now, and nothing else."""
    now = application.city_now()
    found: list[tuple[Citizen, Request]] = []
    with application.store.unit_of_work(now, reading=True) as uow:
        for line in uow.lists.requests(Filter(stages=(Stage.CLOSED,)), limit=200):
            request = uow.requests.by_id(line.id)
            person = uow.people.get(line.person_id)
            actor = Actor(person_id=person.id)
            may = why_not(request, STEP_FOR[Action.ERASE], actor, now) is None
            alone = line.linked == 0 and person.level is Level.TYPED and person.mobile
            if may and alone and uow.requests.openings(request):
                found.append((person, request))
    found.sort(key=lambda one: one[1].code)
    return found[place]


def presses(person: Person, label: str) -> None:
    person.button(label).click()


def is_readable(person: Person, axe: str) -> None:
    assert violations(person.page, axe) == []
    assert person.overflowing() == []


def test_a_number_that_is_somebody_elses_by_now_opens_nothing(
    meet: Meet, town: Served, application: Application, axe: str
) -> None:
    who, case = somebody(application, place=1)
    with application.store.unit_of_work(application.clock()) as uow:
        uow.people.prove(who.id, Level.MATCHED, "matching")
    new = meet("new-browser")
    new.goes("/enter/")
    page = new.page
    page.locator("[name=mobile]").fill(persian(local_mobile(who.mobile or "")))
    presses(new, filing_text.SEND_CODE)
    expect(page.locator("[name=code]")).to_be_visible()
    new.is_alive()
    page.locator("[name=code]").fill(persian(new.reads_code()))
    presses(new, filing_text.CHECK_CODE)
    expect(page.get_by_role("heading", name=recycled_text.TITLE)).to_be_visible()
    expect(page.get_by_text(who.name)).to_have_count(0)
    new.shot("is-it-yours")
    is_readable(new, axe)
    new.goes("/mine/")
    new.sees(recycled_text.ASKED)
    expect(page.get_by_text(case.title)).to_have_count(0)
    new.shot("mine-asked")
    page.get_by_role("link", name=recycled_text.ANSWER).click()
    wrong = f"{(int(who.identity[-4:]) + 1) % 10_000:04d}"
    page.locator("[name=digits]").fill(wrong)
    presses(new, recycled_text.SHOW)
    new.sees(refusal("last_digits_wrong"))
    page.locator("[name=digits]").fill(persian(who.identity[-4:]))
    presses(new, recycled_text.SHOW)
    new.is_alive()
    new.sees(case.title)
    assert re.search("/mine/$", page.url)
