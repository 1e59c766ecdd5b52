"""An administrator searches what was done to a case and by whom.

The overseer sees the search in the same list.
"""

import csv
import io
from pathlib import Path

from axe_core import violations
from person import PATIENT, Meet, Person
from playwright.sync_api import expect

from publicmeeting.application import Application
from publicmeeting.domain.officials.audit import AccountEventKind
from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.lifecycle.actions_text import DONE
from publicmeeting.text.officials import audit_text, people_text

DISTRICT = 6


def test_who_did_what_is_found_by_case_and_person_and_who_looked_stands_there_too(
    meet: Meet, application: Application, axe: str
) -> None:
    case, name = _a_case(application)
    admin = meet("admin", "desk")
    admin.has_come_in_as("admin")
    admin.goes("/city/audit/")
    admin.sees(audit_text.LOOKED_FOR.format(what=audit_text.EVERYTHING))
    admin.shot("audit")
    admin.page.locator("#case").fill(persian(case.code[:9]))
    admin.button(audit_text.SEARCH).click()
    expect(admin.page.locator("#case-error")).to_contain_text("پیدا نشد", timeout=PATIENT)
    expect(admin.page.locator("#case")).to_have_value(persian(case.code[:9]))
    admin.page.locator("#case").fill(persian(case.code))
    admin.button(audit_text.SEARCH).click()
    admin.sees(DONE[Action.ARRIVE])
    admin.sees(audit_text.OPENED_WITH_NAME)
    assert name not in admin.page.locator("main").inner_text()
    admin.rests()
    assert violations(admin.page, axe) == []
    admin.shot("audit-case")
    _takes_along(admin, case.code, name)
    arrived = admin.page.locator(".rows li").filter(has_text=DONE[Action.ARRIVE]).first
    arrived.get_by_role("link").first.click()
    admin.page.wait_for_url("**person=reception*")
    admin.sees(audit_text.FOUND_OF.format(name="مسئول پذیرش"))
    admin.shot("audit-person")
    overseer = meet("overseer", "phone")
    overseer.has_come_in_as("overseer")
    overseer.goes("/city/audit/?person=admin&kind=step")
    overseer.sees(people_text.event_words(AccountEventKind.AUDIT_EXPORTED))
    overseer.sees(persian(case.code))
    assert overseer.overflowing() == []
    overseer.shot("audit-overseer")


def _takes_along(admin: Person, code: str, name: str) -> None:
    page = admin.page
    with page.expect_download() as taken:
        page.get_by_role("button", name=audit_text.EXPORT).click()
    reply = Path(taken.value.path()).read_text(encoding="utf-8")
    *rows, last = csv.DictReader(io.StringIO(reply))
    assert last["kind"] == "end"
    assert rows[0]["what"] == "audit_exported"
    assert {row["case"] for row in rows if row["kind"] != "reading"} == {code}
    assert name not in reply


def _a_case(application: Application) -> tuple[Request, str]:
    """Return a citizen's case with a seat in the district, and her name."""
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        wanted = Filter(districts=frozenset({DISTRICT}), stages=(Stage.FOLLOW_UP,))
        case = uow.requests.by_id(uow.lists.requests(wanted, limit=1)[0].id)
        return case, uow.people.get(case.person_id).name
