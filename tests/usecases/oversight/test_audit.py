"""The city's audit: acts of officials found by person, case, kind and day; and who searched."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select
from support.each import in_one_city
from support.hall import Hall
from support.line import MONDAY, WEDNESDAY, Line
from support.plans import statements_sent

from publicmeeting.domain.errors import Denied, FormError
from publicmeeting.domain.officials.audit import AccountEventKind, AuditKind
from publicmeeting.domain.roles import COMMAND_LINE
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import iso
from publicmeeting.store.database.rows.doors import AccountEventRow
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.districts.closing import CloseMonday, close_monday
from publicmeeting.usecases.districts.texts import (
    DecideTexts,
    OneDistrict,
    ProposeTexts,
    decide_texts,
    district_texts,
    propose_texts,
)
from publicmeeting.usecases.line.ceremony.late_value import EnterValue, enter_value
from publicmeeting.usecases.line.rules import RulesForm, announce_rules, form_of, rules_draft
from publicmeeting.usecases.line.rules_by_two import OneRulesProposal, reject_rules
from publicmeeting.usecases.meetings.audiences import StateAudiences, state_audiences
from publicmeeting.usecases.meetings.day_place import SetDayPlace, set_day_place
from publicmeeting.usecases.meetings.deputies import NameHolder, name_holder
from publicmeeting.usecases.oversight.audit import (
    PAGE,
    AuditPage,
    NamedEntry,
    ReadOn,
    SearchAudit,
    audit_door,
    audit_lines,
    export_audit,
    search_audit,
)
from publicmeeting.usecases.oversight.security_events import OneCommand, record_command
from publicmeeting.usecases.screening.inbox import open_case


class Audit:
    """Searches by administrators and the overseer."""

    def __init__(self, line: Line) -> None:
        self.line = line

    def search(self, who: str = "administrator", **typed: str) -> AuditPage:
        actor = self.line.city.as_(who)
        found: AuditPage = self.line.city.application.execute_as(
            actor, search_audit, SearchAudit(**typed)
        )
        return found

    def all(self, **typed: str) -> list[NamedEntry]:
        found = self.search(**typed)
        entries = list(found.entries)
        while found.older:
            before = found.older
            found = self.search(**typed, before=before)
            assert found.older != before, "the same page again"
            entries += found.entries
        return entries

    def run(self, who: Any, usecase: Any, command: Any) -> Any:
        actor = self.line.city.as_(who) if isinstance(who, str) else who
        return self.line.city.application.execute_as(actor, usecase, command)

    def readings(self) -> list[dict[str, Any]]:
        with self.line.reading() as uow:
            rows = uow.session.exec(
                select(AccountEventRow).where(AccountEventRow.kind == "audit_searched")
            )
            return [json.loads(row.body) for row in rows]


@pytest.fixture
def audit(line: Line) -> Audit:
    return Audit(line)


def kinds(found: AuditPage | list[NamedEntry]) -> list[AuditKind]:
    entries = found.entries if isinstance(found, AuditPage) else found
    return [entry.entry.kind for entry in entries]


def test_steps_openings_texts_accounts_and_commands_stand_in_one_list(
    audit: Audit, line: Line
) -> None:
    (citizen,) = line.file(1)
    line.clock.now += timedelta(minutes=1)
    audit.run("desk", open_case, OneCase(code=citizen.code))
    line.clock.now += timedelta(minutes=1)
    _change_hall(audit)
    line.clock.now += timedelta(minutes=1)
    audit.run(COMMAND_LINE, record_command, OneCommand(command="admin list", by="root", at="host"))
    line.clock.now += timedelta(minutes=1)
    found = audit.search("overseer")
    assert kinds(found)[:5] == ["reading", "command", "texts", "texts", "opening"]
    newest = found.entries[0]
    assert (newest.username, newest.entry.what) == ("overseer", "audit_searched")
    command = found.entries[1].entry
    assert (command.what, command.body) == ("admin list", {"by": "root", "at": "host"})
    assert [(entry.username, entry.entry.what, entry.district) for entry in found.entries[2:4]] == [
        ("second_desk", "in_force", 6),
        ("desk", "proposed", 6),
    ]
    opening = found.entries[4]
    assert (opening.username, opening.code, opening.entry.role) == ("desk", citizen.code, "desk")
    step = next(entry for entry in found.entries if entry.entry.kind is AuditKind.STEP)
    assert (step.username, step.entry.what, step.code) == ("desk", Action.ACCEPT, citizen.code)
    assert AuditKind.ACCOUNT in kinds(audit.all())


@pytest.mark.on_postgresql
def test_who_decides_about_a_monday_or_the_rules_alone_stands_in_the_list(line: Line) -> None:
    """No case and no entry of the public log names these accounts."""
    line.file(2)
    line = replace(line, prints=False)
    audit, day = Audit(line), MONDAY.isoformat()
    line.until(WEDNESDAY, "15:00")
    audit.run(
        "administrator", enter_value, EnterValue(monday=iso(MONDAY), day=iso(WEDNESDAY), value="21")
    )
    deputy = line.city.as_("deputy").account_id
    audit.run("mayor", name_holder, NameHolder(district=6, monday=day, account=deputy))
    audit.run("deputy", set_day_place, SetDayPlace(monday=day, place="مسجد امام حسین"))
    audit.run("administrator", close_monday, CloseMonday(monday=day, district="6", reason="power"))
    draft = line.city.application.query_as(line.city.as_("administrator"), rules_draft, Nothing())
    rules = {
        **form_of(draft.newest.rules.body),
        "from_on": (MONDAY + timedelta(weeks=4)).isoformat(),
    }
    for change in ({"slot_minutes": "20"}, {"slot_minutes": "20", "offer_hours": "3"}):
        form = RulesForm.model_validate({**rules, **change})
        audit.run("administrator", announce_rules, form)
    audit.run("overseer", reject_rules, OneRulesProposal(seq=line.log()[-1].seq))
    line.until(MONDAY, "20:00")
    audit.run("reception", state_audiences, StateAudiences(district="6", monday=day, count="57"))
    found = [
        (one.username, one.entry.what, one.district)
        for one in reversed(audit.all(kind="office"))
        if one.entry.kind is AuditKind.OFFICE
    ]
    assert found == [
        ("administrator", "value_entered", 0),
        ("mayor", "holder_named", 6),
        ("deputy", "place_set", 6),
        ("administrator", "monday_closed", 6),
        ("administrator", "rules_announced", 0),
        ("administrator", "rules_proposed", 0),
        ("overseer", "rules_rejected", 0),
        ("reception", "audiences_stated", 6),
    ]
    of_deputy = audit.all(person="deputy")
    assert "place_set" in {one.entry.what for one in of_deputy}
    accounts = audit.all(kind="account")
    assert AuditKind.OFFICE not in kinds(accounts)


def test_a_case_and_a_person_and_a_kind_narrow_the_list(audit: Audit, line: Line) -> None:
    first, second = line.file(2)
    line.clock.now += timedelta(minutes=1)
    of_case = audit.all(case=f" {first.code[:3]} {first.code[3:]} ")
    assert {entry.code for entry in of_case if entry.entry.kind is not AuditKind.READING} == {
        first.code
    }
    assert [
        entry.entry.body["case"] for entry in of_case if entry.entry.kind is AuditKind.READING
    ] == [first.code]
    of_desk = audit.all(person="desk", kind="step")
    assert {entry.username for entry in of_desk if entry.entry.kind is AuditKind.STEP} == {"desk"}
    assert {first.code, second.code} <= {entry.code for entry in of_desk}
    assert audit.search(person="desk").person == "desk"
    assert [
        entry for entry in audit.all(person="mayor") if entry.entry.kind is AuditKind.STEP
    ] == []


def test_a_day_narrows_the_list_from_its_first_to_its_last_instant(
    audit: Audit, line: Line
) -> None:
    line.file(1)
    today = tehran_day(line.clock.now)
    before, after = (iso(today + days * timedelta(days=1)) for days in (-1, 1))
    typed = persian(iso(today).replace("-", "/"))
    assert AuditKind.STEP in kinds(audit.all(since=typed, until=iso(today)))
    assert AuditKind.STEP not in kinds(audit.all(since=after.replace("-", ".")))
    assert audit.all(until=before) == []


def test_a_search_is_an_entry_that_no_filter_of_kinds_leaves_out(audit: Audit, line: Line) -> None:
    line.file(1)
    for kind in AuditKind:
        found = audit.search(kind=kind.value)
        assert found.entries[0].entry.kind is AuditKind.READING
        assert found.entries[0].entry.body["kind"] == kind.value
    assert len(audit.readings()) == len(AuditKind)
    about = audit.search("overseer", person="administrator", kind="step")
    readers = [entry for entry in about.entries if entry.entry.kind is AuditKind.READING]
    assert [reader.username for reader in readers] == [
        "overseer",
        *["administrator"] * len(AuditKind),
    ]
    assert readers[0].about == "administrator"


def test_an_official_is_found_by_a_name_that_only_one_has(audit: Audit) -> None:
    assert audit.search(person="OVERSEER").person == "overseer"
    assert audit.search(person="techn").person == "technical"
    with pytest.raises(FormError) as refused:
        audit.search(person="desk4x")
    assert [problem.key for problem in refused.value.errors] == ["username_unknown"]
    with pytest.raises(FormError) as refused:
        audit.search(person="mayo")
    (error,) = refused.value.errors
    assert (error.key, error.facts) == (
        "username_several",
        {"count": 2, "names": "mayor، mayor4"},
    )


def test_whoever_was_searched_for_finds_who_looked(audit: Audit) -> None:
    audit.search(person="desk")
    seen = audit.search("overseer", person="desk").entries
    assert [(entry.username, entry.about) for entry in seen[:2]] == [
        ("overseer", "desk"),
        ("administrator", "desk"),
    ]


def test_a_refused_search_is_written_too_without_what_may_be_a_name(audit: Audit) -> None:
    with pytest.raises(FormError) as refused:
        audit.search(person="زهرا", case="زهرا محمدی 0506", since="دیروز", until="1405/13/1")
    assert [(error.field, error.key) for error in refused.value.errors] == [
        ("person", "username_unknown"),
        ("case", "case_unknown"),
        ("since", "day_unreadable"),
        ("until", "day_unreadable"),
    ]
    assert audit.readings() == [
        {"person": "", "case": "0506", "kind": "", "since": "", "until": "1405/13/1"}
    ]


@pytest.mark.parametrize(
    "typed",
    [
        {"kind": "everything"},
        {"before": "x"},
        {"before": "2026-11-28T06:30:00~step~1"},
        {"before": "2026-11-28T06:30:00+00:00~step~'; --"},
        {"before": "2026-11-28T06:30:00+00:00~nowhere~1"},
        {"before": "9999-99-99T00:00:00+00:00~step~1"},
        {"before": "a~b~c~d"},
        {"before": "2026-01-01T00:00:00+00:00~step~999999999999999999999999999999"},
        {"before": "0001-01-01T00:00:00+00:00~step~1"},
        {"before": "9999-12-31T23:59:59+00:00~step~1"},
    ],
)
def test_a_kind_or_place_that_no_page_sends_is_refused(audit: Audit, typed: dict[str, str]) -> None:
    with pytest.raises(Denied) as refused:
        audit.search(**typed)
    assert refused.value.key == "form_broken"
    assert len(audit.readings()) == 1, "written, although nothing was read"


@in_one_city("typed", ["1405", "1405-9", "0/0/0", "۹۹۹۹/۱/۱", "1405-9-7-1", "²/۹/۷"])
def test_a_day_that_is_none_is_refused(audit: Audit, typed: str) -> None:
    with pytest.raises(FormError) as refused:
        audit.search(since=typed)
    assert [error.key for error in refused.value.errors] == ["day_unreadable"]


def test_a_day_and_a_code_are_found_as_messages_write_them(audit: Audit, line: Line) -> None:
    """Messages put direction marks around numbers, which are copied with them."""
    (citizen,) = line.file(1)
    code, day = citizen.code, iso(tehran_day(line.clock.now)).replace("-", "/")

    def found(**typed: str) -> list[NamedEntry]:
        entries = audit.search(**typed).entries
        return [one for one in entries if one.entry.kind is not AuditKind.READING]

    steps = found(case=code)
    assert steps
    assert found(case=f"\u2068{code[:4]}-{code[4:7]}-{code[7:]}\u2069") == steps
    for typed in (persian(day), f"\u2068{persian(day)}\u2069 ", day.replace("/", " / ")):
        assert found(case=code, since=typed, until=typed) == steps
        noted = audit.readings()[-1]
        assert (noted["since"], noted["until"]) == (day, day)


def test_days_in_the_wrong_order_are_refused(audit: Audit) -> None:
    with pytest.raises(FormError) as refused:
        audit.search(since="1405/9/8", until="1405/9/7")
    assert [(error.field, error.key) for error in refused.value.errors] == [("until", "audit_days")]


def test_nobody_else_reads_it(audit: Audit) -> None:
    for who in ("desk", "mayor", "deputy", "reception", "technical", "phone"):
        for usecase, command in (
            (search_audit, SearchAudit()),
            (export_audit, SearchAudit()),
            (audit_door, Nothing()),
        ):
            with pytest.raises(Denied) as refused:
                audit.run(who, usecase, command)
            assert refused.value.key == "not_your_role"
    assert audit.readings() == []


@pytest.mark.on_postgresql
def test_pages_go_on_where_the_one_before_ended_and_miss_nothing(audit: Audit, line: Line) -> None:
    application, desk = line.city.application, line.city.as_("desk").account_id
    with application.store.unit_of_work(application.clock()) as uow:
        for _ in range(PAGE + 5):
            uow.account_events.add(AccountEventKind.SUSPENDED, desk, None, {})
    line.file(12)
    with line.reading() as uow:
        wanted = audit.run("administrator", export_audit, SearchAudit())
        whole = uow.audit.page(wanted, None, 10_000, timedelta(0))
    places = [one.place for one in whole]
    assert len(set(places)) == len(places) > PAGE
    with line.reading() as uow:
        for size in (1, 7, PAGE):
            read, before = [], None
            while found := uow.audit.page(wanted, before, size, timedelta(0)):
                read += [one.place for one in found]
                assert len(read) <= len(places), "a page is read again"
                before = found[-1].place
            assert read == places, size


def test_an_export_is_an_entry_and_reads_the_same_list(audit: Audit, line: Line) -> None:
    (citizen,) = line.file(1)
    wanted = audit.run("overseer", export_audit, SearchAudit(case=citizen.code))
    lines = audit.run("overseer", audit_lines, ReadOn(wanted=wanted))
    assert lines[0].entry.what == "audit_exported"
    assert {one.code for one in lines[1:]} == {citizen.code}
    assert (
        audit.run("overseer", audit_lines, ReadOn(wanted=wanted, before=lines[-1].entry.place))
        == ()
    )


def test_no_entry_names_a_citizen_or_says_what_somebody_wrote(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.receive(guest)
    with hall.reading() as uow:
        request = uow.requests.find(guest.code)
        person = uow.people.get(request.person_id)
        secrets = (person.name, person.identity, person.mobile or "-", request.title, request.text)
    found = hall.execute("administrator", search_audit, SearchAudit())
    assert len(found.entries) > 3
    reply = repr(found)
    assert [secret for secret in secrets if secret in reply] == []


@pytest.mark.on_postgresql
def test_a_page_costs_as_many_statements_however_long_it_is(audit: Audit, line: Line) -> None:
    def counted() -> int:
        with statements_sent(line.city.application.store) as sent:
            audit.search()
        return len(sent)

    counted()
    few = counted()
    line.file(9)
    assert counted() <= few + 2


def _change_hall(audit: Audit) -> None:
    newest = audit.run("desk", district_texts, OneDistrict(district=6)).newest
    texts = newest.texts
    command = ProposeTexts(
        district=6,
        base=newest.id,
        from_on=tehran_day(audit.line.clock.now).isoformat(),
        address=texts.address,
        hall="سالن دیگر",
        hours="شنبه تا چهارشنبه",
        bring=texts.bring,
        seats=" ".join(texts.seats),
    )
    audit.run("desk", propose_texts, command)
    audit.line.clock.now += timedelta(minutes=1)
    waiting = audit.run("second_desk", district_texts, OneDistrict(district=6)).waiting
    audit.run("second_desk", decide_texts, DecideTexts(version=waiting.version.id, is_yes=True))
