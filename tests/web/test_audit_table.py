"""The audit as a table: for its readers only, in parts, and safe in a spreadsheet."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from browsers import Browser
from signed_in import sign_in_staff

from publicmeeting.application import Application
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import (
    AccountEventKind,
    AuditEntry,
    AuditKey,
    AuditKind,
    AuditSource,
)
from publicmeeting.domain.stages import Stage
from publicmeeting.kit.spreadsheet import comma_separated
from publicmeeting.text.officials import audit_text
from publicmeeting.usecases.oversight.audit import NamedEntry
from publicmeeting.web.routes import tables
from publicmeeting.web.routes.tables import cells

ADDRESS = "/city/audit.csv"


def rows(text: str, end: str = "end") -> list[dict[str, str]]:
    """Return the lines of a table; its last line says whether and after how many lines it ends."""
    *found, last = csv.DictReader(io.StringIO(text))
    assert (last["kind"], last["what"]) == (end, str(len(found)))
    return found


def test_nobody_but_an_administrator_and_the_overseer_gets_it(
    browser: Browser, city: object
) -> None:
    del city
    for who in ("desk", "mayor", "reception"):
        sign_in_staff(browser, who)
        assert browser.post(ADDRESS, {}).status_code == 404
        browser.post("/auth/leave")
    answer = browser.post(ADDRESS, {})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in/?next=%2Fcity%2Faudit%2F"
    assert browser.get(ADDRESS).status_code == 404, "taking it is written down, so it is no link"


def test_it_holds_codes_and_no_name_and_its_taking_is_its_first_line(
    browser: Browser, a_request: Callable[..., Any]
) -> None:
    walked = a_request(at=Stage.WAITING)
    sign_in_staff(browser, "overseer")
    answer = browser.post(ADDRESS, {"case": walked.code})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    assert "no-store" in answer.headers["cache-control"]
    found = rows(answer.text)
    assert tuple(found[0]) == audit_text.HEADS
    assert (found[0]["what"], found[0]["by"]) == ("audit_exported", "overseer")
    assert {one["case"] for one in found[1:]} == {walked.code}
    assert answer.text.isascii(), "whatever a person has written is Persian here"


def test_a_refused_search_leads_back_to_the_page_that_says_why(
    browser: Browser, city: object
) -> None:
    del city
    sign_in_staff(browser, "administrator")
    answer = browser.post(ADDRESS, {"person": "نیست", "since": "دیروز"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/city/audit/?person=%D9")
    assert browser.post(ADDRESS, {"kind": "' OR 1"}).headers["location"] == "/city/audit/"


def test_it_ends_at_its_most(
    browser: Browser,
    application: Application,
    a_request: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_request(at=Stage.WAITING)
    with application.store.unit_of_work(application.clock()) as uow:
        for _ in range(1200):
            uow.account_events.add(AccountEventKind.LIFTED, None, None, {})
    sign_in_staff(browser, "administrator")
    whole = rows(browser.post(ADDRESS, {}).text)
    assert len(whole) > 1200
    assert len({one["key"] for one in whole}) == len(whole)
    monkeypatch.setattr(tables, "EXPORT_MOST", 700)
    assert len(rows(browser.post(ADDRESS, {}).text, "cut")) == 700


def test_whoever_is_signed_out_meanwhile_has_a_table_that_says_it_is_cut(
    browser: Browser, application: Application, city: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    del city

    async def ended(*_: object) -> None:
        raise Denied("session_ended")

    sign_in_staff(browser, "administrator")
    monkeypatch.setattr(application, "query", ended)
    assert rows(browser.post(ADDRESS, {}).text, "cut") == []


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_a_cell_that_begins_a_formula_is_text(begins: str) -> None:
    entry = AuditEntry(
        place=AuditKey(datetime(2026, 11, 28, tzinfo=UTC), AuditSource.COMMAND, "1"),
        kind=AuditKind.COMMAND,
        what=begins,
        by="",
        body={"by": begins, "at": "host"},
    )
    line = comma_separated([cells(NamedEntry(entry, "", "", "", "", "", 0))])
    (row,) = csv.reader(io.StringIO(line))
    assert [cell for cell in row if cell.startswith(begins)] == []
    assert f"'{begins}" in row
