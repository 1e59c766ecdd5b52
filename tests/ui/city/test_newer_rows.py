"""After a way back to this release, rows have kinds that only the newer one knows."""

from typing import Any

import pytest
from support.city import City
from support.line import Line
from support.staff_tab import Tab
from support.triggers import change_past_the_program

from publicmeeting.application import Application
from publicmeeting.domain.officials.audit import AccountEventKind, SecurityKind
from publicmeeting.domain.officials.invitations import DecisionKind
from publicmeeting.store.accounts.row_tags import row_tag
from publicmeeting.store.database.rows.doors import AccountDecisionRow
from publicmeeting.text.officials import audit_text, people_text, security_text
from publicmeeting.ui.city.audit import HERE, AuditState
from publicmeeting.ui.city.people.state import OfficialPageState, PeopleState
from publicmeeting.ui.city.security import KINDS, SecurityState

SECURITY = (
    "INSERT INTO security_event (repeats, kind, who, address, device, what, at, last_at, count)"
    " SELECT 'newer', 'newer', who, address, device, what, at, last_at, count"
    " FROM security_event LIMIT 1"
)
STEP = "UPDATE event SET action = 'newer', role = 'newer' WHERE account_id IS NOT NULL"


def write(application: Application, statement: str, **values: object) -> None:
    change_past_the_program(application.store.engine, statement, **values)


@pytest.mark.usefixtures("city")
def test_security_events_of_a_newer_kind_take_no_page_down(application: Application) -> None:
    with application.store.unit_of_work(application.clock()) as uow:
        uow.security.record(SecurityKind.FORGED, "", "x", address="", device="")
    write(application, SECURITY)
    state = Tab(application, "administrator").opens(SecurityState, "/city/security/")
    assert {line.kind for line in state.shown.lines} == {
        security_text.KIND[SecurityKind.FORGED],
        security_text.KIND[SecurityKind.UNKNOWN],
    }
    assert SecurityKind.UNKNOWN.value not in {choice.value for choice in KINDS}


def test_an_account_with_newer_entries_and_proposals_has_its_page(
    application: Application, city: City
) -> None:
    desk, mayor = (city.as_(name).account_id or "" for name in ("desk", "mayor"))
    with application.store.unit_of_work(application.clock()) as uow:
        uow.account_events.add(AccountEventKind.SUSPENDED, desk, mayor, {})
        made = uow.decisions.propose(DecisionKind.NEW_LINK, desk, mayor, {})
        row = uow.session.get_one(AccountDecisionRow, made.id)
        row.kind = "newer"
        row.tag = row_tag(uow.vault, "account_decision", row.model_dump())
    write(application, "UPDATE account_event SET kind = 'newer' WHERE kind = 'suspended'")
    tab = Tab(application, "administrator")
    page: Any = tab.opens(OfficialPageState, f"/city/people/{desk}/")
    words = people_text.event_words(AccountEventKind.UNKNOWN)
    assert any(happening.what.startswith(words) for happening in page.seen.history)
    assert page.seen.proposals == ()
    assert "desk" in {line.username for line in tab.opens(PeopleState, "/city/people/").seen.lines}


def test_the_audit_shows_steps_and_accounts_of_a_newer_kind(line: Line) -> None:
    line.file(1)
    application = line.city.application
    with application.store.unit_of_work(application.clock()) as uow:
        uow.account_events.add(AccountEventKind.SUSPENDED, None, None, {})
    write(application, STEP)
    write(application, "UPDATE account_event SET kind = 'newer' WHERE kind = 'suspended'")
    state = Tab(application, "administrator").opens(AuditState, HERE)
    assert {audit_text.UNKNOWN, people_text.event_words(AccountEventKind.UNKNOWN)} <= {
        shown.what for shown in state.shown.lines
    }
    assert any(audit_text.UNKNOWN_ROLE in shown.who for shown in state.shown.lines)
