"""A citizen's data: she sees, exports, corrects, ends and erases it.

Also a mobile number that belongs to somebody else by now.
"""

import json
import re
from pathlib import Path

from axe_core import violations
from person import Meet, Person
from playwright.sync_api import expect
from support.served_city import Served

from publicmeeting.application import Application
from publicmeeting.domain.lifecycle.advance import why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.people import Door, Level, local_mobile
from publicmeeting.domain.records import Person as Citizen
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.common import chrome_text
from publicmeeting.text.filing import filing_text, whose_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import my_data_text, my_page_text
from publicmeeting.text.tracking.case_text import OWN

DATA = "/mine/data/"
NAME = "زهرا نیک‌نام"
REFUSED = "status of 422"


def somebody(application: Application, level: Level) -> tuple[Citizen, Request]:
    """Return a citizen of the demo city with this level and one case that may be erased."""
    now = application.city_now()
    found: list[tuple[Citizen, Request]] = []
    with application.store.unit_of_work(now, reading=True) as uow:
        for line in uow.lists.requests(Filter(stages=(Stage.CLOSED,)), limit=200):
            request = uow.requests.by_id(line.id)
            person = uow.people.get(line.person_id)
            actor = Actor(person_id=person.id)
            may = why_not(request, STEP_FOR[Action.ERASE], actor, now) is None
            alone = line.linked == 0 and person.level is level and person.mobile
            if may and alone and uow.requests.openings(request):
                found.append((person, request))
    return min(found, key=lambda one: one[1].code)


def signed_in(
    meet: Meet, town: Served, application: Application, who: Citizen, name: str, size: str
) -> Person:
    """Return her, signed in by a code on another day."""
    with application.store.unit_of_work(application.clock()) as uow:
        session = uow.sessions.open_for_mobile(who.mobile or "", Door.CODE)
    person = meet(name, size)
    person.has_signed_in(session, town.origin)
    return person


def presses(person: Person, label: str) -> None:
    person.button(label).click()


def is_readable(person: Person, axe: str) -> None:
    assert violations(person.page, axe) == []
    assert person.overflowing() == []


def takes_it_along(her: Person, who: Citizen, case: Request) -> None:
    """Download her data for a program, and open the page to read."""
    with her.page.expect_download() as coming:
        her.page.get_by_role("link", name=my_data_text.JSON).click()
    taken = json.loads(Path(coming.value.path()).read_text(encoding="utf-8"))
    assert taken["person"]["identity"] == who.identity
    assert [one["code"] for one in taken["requests"]] == [case.code]
    her.page.get_by_role("link", name=my_data_text.READ).click()
    her.sees(case.text.splitlines()[0])
    her.shot("readable")


def corrects_her_name(her: Person, axe: str) -> None:
    """Correct her name, after trying one that cannot be a name."""
    her.page.get_by_role("link", name=my_data_text.CORRECT_NAME).click()
    her.may_fail("422")
    her.page.locator("[name=name]").fill("زهرا ۲")
    presses(her, my_data_text.NAME_SAVE)
    her.sees(refusal("name_digits"))
    her.shot("name-refused")
    is_readable(her, axe)
    her.page.locator("[name=name]").fill(NAME)
    presses(her, my_data_text.NAME_SAVE)
    her.sees(my_data_text.DONE["name"])
    her.sees(NAME)


def has_it_erased(her: Person, axe: str) -> None:
    """Erase her data, which asks twice."""
    her.page.get_by_role("link", name=my_data_text.WAY).click()
    her.sees(my_data_text.STAYS_LOG)
    her.shot("erasing")
    is_readable(her, axe)
    her.page.get_by_role("link", name=my_data_text.GO_ON).click()
    her.shot("erasing-sure")
    presses(her, my_data_text.ERASE)
    her.sees(my_data_text.DONE["erased"])
    her.sees(my_data_text.ERASED)


def test_her_data_is_hers_to_see_take_correct_and_erase(
    meet: Meet, town: Served, application: Application, axe: str
) -> None:
    who, case = somebody(application, Level.TYPED)
    laptop = signed_in(meet, town, application, who, "laptop", "desk")
    laptop.goes("/mine/")
    laptop.sees(case.title)
    her = signed_in(meet, town, application, who, "her", "phone")
    her.goes("/mine/")
    her.page.get_by_role("link", name=my_page_text.MY_DATA_WAY).click()
    page = her.page
    expect(page.get_by_role("heading", name=my_data_text.TITLE)).to_be_visible()
    expect(page.get_by_text(persian(who.identity))).not_to_be_visible()
    page.get_by_text(my_data_text.SHOW).click()
    expect(page.get_by_text(persian(who.identity))).to_be_visible()
    opened = re.compile(f"{my_data_text.WITH_NAME}|{my_data_text.WITHOUT_NAME}")
    expect(page.get_by_text(opened).first).to_be_visible()
    her.shot("data")
    is_readable(her, axe)
    takes_it_along(her, who, case)
    page.get_by_role("link", name=my_data_text.BACK).click()
    corrects_her_name(her, axe)
    end = my_data_text.END_LABEL.format(device=my_data_text.DEVICE_UNKNOWN)
    her.button(end).first.click()
    her.sees(my_data_text.DONE["session"])
    laptop.sees(chrome_text.NEED_ENTER)
    has_it_erased(her, axe)
    her.goes(f"/mine/{case.code}/")
    her.sees(my_data_text.INSTEAD["title"])
    expect(page.get_by_text(OWN[Action.ERASE]).first).to_be_attached()
    expect(page.get_by_text(case.title)).to_have_count(0)
    her.shot("erased")


def test_a_number_that_is_somebody_elses_by_now_opens_nothing(
    meet: Meet, town: Served, application: Application, axe: str
) -> None:
    who, case = somebody(application, Level.MATCHED)
    new = meet("new-browser")
    new.goes("/enter/")
    page = new.page
    page.locator("[name=mobile]").fill(persian(local_mobile(who.mobile or "")))
    presses(new, filing_text.SEND_CODE)
    expect(page.locator("[name=code]")).to_be_visible()
    new.is_alive()
    page.locator("[name=code]").fill(persian(new.reads_code()))
    presses(new, filing_text.CHECK_CODE)
    expect(page.get_by_role("heading", name=whose_text.MOBILE_TITLE)).to_be_visible()
    expect(page.get_by_text(who.name)).to_have_count(0)
    new.shot("is-it-yours")
    is_readable(new, axe)
    new.goes("/mine/")
    new.sees(whose_text.MOBILE_ASKED)
    expect(page.get_by_text(case.title)).to_have_count(0)
    new.shot("mine-asked")
    page.get_by_role("link", name=whose_text.MOBILE_ANSWER).click()
    wrong = f"{(int(who.identity[-4:]) + 1) % 10_000:04d}"
    page.locator("[name=digits]").fill(wrong)
    presses(new, whose_text.MOBILE_SHOW)
    new.sees(refusal("last_digits_wrong"))
    page.locator("[name=digits]").fill(persian(who.identity[-4:]))
    presses(new, whose_text.MOBILE_SHOW)
    new.is_alive()
    new.sees(case.title)
    assert re.search("/mine/$", page.url)


def test_back_over_a_form_that_was_refused_twice_shows_the_form(meet: Meet) -> None:
    """The browser itself would show a page that asks whether to send the form again."""
    her = meet("back", "phone")
    her.comes_as("citizen/reported")
    her.page.goto(f"{DATA}mobile/")
    her.may_fail(REFUSED)
    for typed in ("0912", "0913"):
        her.page.locator("[name=mobile]").fill(typed)
        her.button(my_data_text.MOBILE_SEND).click()
        expect(her.page.locator("[name=mobile]")).to_have_value(typed)
        expect(her.page.locator("#mobile-error")).to_be_visible()
    her.page.go_back()
    expect(her.page.locator("[name=mobile]")).to_be_visible()
    her.page.reload()
    expect(her.page.locator("[name=mobile]")).to_be_visible()
