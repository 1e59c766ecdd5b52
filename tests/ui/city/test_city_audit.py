"""The audit's page: its address holds the search, and raw events find nothing more."""

import asyncio
from typing import Any

from support.line import MONDAY, Line
from support.staff_tab import Tab, do

from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.districts.texts import TextState
from publicmeeting.domain.officials.audit import (
    AccountEventKind,
    AuditEntry,
    AuditKey,
    AuditKind,
    AuditSource,
    OfficeAct,
)
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.lifecycle.actions_text import DONE
from publicmeeting.text.officials import audit_text, people_text
from publicmeeting.text.orders.sheet_text import PART
from publicmeeting.ui.city.audit import HERE, AuditState, address, audit_line
from publicmeeting.usecases.oversight.audit import NamedEntry


def opened(line: Line, username: str, at: str = HERE) -> Any:
    return Tab(line.city.application, username).opens(AuditState, at)


def test_every_kind_of_entry_has_its_words() -> None:
    assert audit_text.KIND.keys() == set(AuditKind)
    assert people_text._EVENT.keys() == set(AccountEventKind)
    assert audit_text.TEXTS.keys() == set(TextState)
    assert audit_text.ACT.keys() == set(OfficeAct)
    assert PART.keys() == set(SheetPart)
    assert DONE.keys() == {*Action, *OrderAction}


def test_a_line_says_who_did_what_and_leads_to_his_and_the_cases_list(line: Line) -> None:
    (citizen,) = line.file(1)
    state = opened(line, "administrator", address(case=citizen.code))
    step = next(one for one in state.shown.lines if one.what == DONE[Action.ACCEPT])
    assert step.who == "desk، میز خدمت"
    assert (step.who_at, step.case_at) == (
        f"{HERE}?person=desk",
        f"{HERE}?case={citizen.code}",
    )
    assert step.rest == "منطقهٔ ۶"
    assert state.shown.lines[0].what == people_text.event_words(AccountEventKind.AUDIT_SEARCHED)
    assert state.typed.case == citizen.code


def test_a_line_names_the_deputy_where_a_deputy_gave_the_order() -> None:
    place = AuditKey(at_tehran(MONDAY, "10:00"), AuditSource.STEP, "1")
    for role, whose in ((Role.MAYOR, "شهردار"), (Role.DEPUTY, "جانشین شهردار")):
        entry = AuditEntry(place, AuditKind.STEP, OrderAction.ISSUE.value, "id", role.value)
        line = audit_line(NamedEntry(entry, "karimi", "کریمی", "", "", "", 6))
        assert line.what == f"{whose} دستور داد"


def test_a_line_of_an_act_says_which_monday_and_one_of_the_database_owner_ends_no_page() -> None:
    place = AuditKey(at_tehran(MONDAY, "10:00"), AuditSource.ACCOUNT, "1")
    for day, rest in ((MONDAY.isoformat(), day_words(MONDAY)), ("soon", "")):
        act, body = OfficeAct.MONDAY_CLOSED.value, {"monday": day}
        entry = AuditEntry(place, AuditKind.OFFICE, act, "id", district=6, body=body)
        line = audit_line(NamedEntry(entry, "admin", "مدیر", "", "", "", 6))
        assert line.what == "یک دوشنبه را بست"
        assert line.rest == "\u00a0· ".join(filter(None, ("منطقهٔ ۶", rest)))


def test_a_line_of_an_account_says_which_roles_it_got_and_lost(line: Line) -> None:
    desk = line.city.as_("desk").account_id
    application = line.city.application
    role = {"role": "desk", "district": 6, "unit": None, "from": None, "until": None}
    with application.store.unit_of_work(application.clock()) as uow:
        body = {"added": [role], "removed": [{**role, "role": "mayor"}], "dated": []}
        uow.account_events.add(AccountEventKind.ROLES_CHANGED, desk, None, body)
    state = opened(line, "administrator", address(kind="account"))
    changed = next(one for one in state.shown.lines if one.what == "نقش‌ها عوض شد")
    assert changed.rest == (
        "حساب desk\u00a0· داده شد: میز خدمت منطقهٔ ۶، بدون روز پایان\u00a0· گرفته شد: شهردار منطقهٔ ۶"
    )


def test_what_is_wrong_stands_beside_its_field_and_stays_typed(line: Line) -> None:
    state = opened(line, "overseer", address(person="nobody", since="دیروز"))
    assert list(state.errors) == ["person", "since"]
    assert (state.typed.person, state.typed.since) == ("nobody", "دیروز")
    assert state.shown.lines == ()


def test_a_search_leads_to_its_own_address(line: Line) -> None:
    state = opened(line, "overseer")
    sent = asyncio.run(do(state, AuditState.search, {"person": "desk ", "case": None, "x": "y"}))
    assert "/city/audit/?person=desk" in str(sent)
    sent = asyncio.run(do(state, AuditState.choose, "step"))
    assert "kind=step" in str(sent)


def test_raw_events_and_addresses_show_nobody_more_than_he_may_see(line: Line) -> None:
    line.file(1)
    for who in ("desk", "mayor", "reception"):
        state = opened(line, who)
        assert state.missing
        assert state.shown.lines == ()
    state = opened(line, "")
    assert state.signed_out
    for at in (
        f"{HERE}?before=x",
        f"{HERE}?before=2026-11-28T00:00:00%2B00:00~step~%00",
        f"{HERE}?kind=' OR 1=1",
        f"{HERE}?person=%00",
        f"{HERE}?case={'9' * 5000}",
        f"{HERE}?since=99999999999999999999/1/1",
    ):
        state = opened(line, "administrator", at)
        assert state.refused or state.errors or state.shown.lines, at
    for sent in (None, 7, ["step"], "'; --", "x" * 10_000):
        asyncio.run(do(state, AuditState.choose, sent))
        asyncio.run(do(state, AuditState.search, {"person": sent, "case": sent}))
