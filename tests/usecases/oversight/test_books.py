"""`doctor` finds every kind of damage, names it, and reports nothing else."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from support.files import path_of
from support.hall import Hall
from support.line import DISTRICT, MONDAY
from support.plans import asked
from support.triggers import write

from publicmeeting.domain.calendar import HOLIDAYS_NOTICE, HOLIDAYS_UNTIL
from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.mondays import MondayState
from publicmeeting.domain.records import PictureKind
from publicmeeting.domain.roles import COMMAND_LINE, Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.turns.draw_file import OPEN_KEYS, drawn_file, frozen_file
from publicmeeting.turns.pool import Row
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.in_hall.displays import KeepRecording, keep_recording
from publicmeeting.usecases.oversight import books
from publicmeeting.usecases.oversight.books import (
    CHECKS,
    Checkup,
    audit_holds,
    draws_hold,
    examine,
    examined_together,
    histories_only_grow,
    histories_stand,
    holidays_known,
    lanes_judged,
    live_marks,
    log_holds,
    replays,
    sealed_opens,
    seats_match,
    tables_follow,
    tickets_are_hers,
)
from publicmeeting.usecases.oversight.findings import Finding
from publicmeeting.usecases.oversight.held_accounts import accounts_tagged, roles_given
from publicmeeting.usecases.oversight.held_events import events_tagged
from publicmeeting.usecases.oversight.installation import file_findings, named_files
from publicmeeting.usecases.oversight.rows import (
    promises_match,
    proofs_logged,
    reached_as_set,
    rows_match,
)
from publicmeeting.usecases.public_record.auditing import audited
from publicmeeting.worker.cleanup import named_by

DAY = timedelta(days=1)
NAME_OF = {check: name for name, check in CHECKS.items()}


def found(hall: Hall) -> dict[str, list[Finding]]:
    """Return check → findings, of the checks that found anything."""
    results = hall.application.query_as(COMMAND_LINE, examine, Checkup())
    assert [result.check for result in results] == list(CHECKS)
    return {result.check: list(result.findings) for result in results if result.findings}


def only(hall: Hall, *checks) -> str:
    """Return the findings of these checks in order; all other checks must find nothing."""
    findings = found(hall)
    assert list(findings) == [NAME_OF[check] for check in checks]
    entries = (finding for check in checks for finding in findings[NAME_OF[check]])
    return " / ".join(f"{entry.where}: {entry.what}" for entry in entries)


def test_a_city_after_its_draw_and_a_meeting_is_sound(hall: Hall):
    hall.met(hall.guests[0])
    hall.arrive(hall.guests[1])
    assert found(hall) == {}


def test_a_stage_changed_by_hand_is_found(hall: Hall):
    code = hall.guests[0].code
    write(hall, "UPDATE request SET stage = 'arrived' WHERE code = :code", code=code)
    assert only(hall, replays) == (
        f"request {code}: its events lead to confirmed, its row says arrived"
    )


def test_an_orders_stage_changed_by_hand_is_found(hall: Hall):
    number = hall.met(hall.guests[0])[0].number
    write(hall, "UPDATE mayor_order SET stage = 'done' WHERE number = :number", number=number)
    assert only(hall, replays).startswith(f"order {number}: its events lead to issued")


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ("due_at = '2030-01-01 00:00:00+00:00'", "deadline"),
        ("due_at = NULL", "deadline"),
        ("promise = NULL", "promise"),
        ("district = 22", "district"),
        ("unit_id = 'd06-urban_services'", "unit"),
        ("issued_at = '2027-11-30 06:00:00+00:00'", "day"),
        ("stage_at = '2027-11-30 06:00:00+00:00'", "stage's beginning"),
        ("request_id = (SELECT max(id) FROM request WHERE id != request_id)", "request"),
    ],
)
def test_a_promise_moved_to_another_day_or_table_is_found(hall: Hall, changed: str, what: str):
    number = hall.met(hall.guests[0])[0].number
    write(hall, f"UPDATE mayor_order SET {changed} WHERE number = :number", number=number)
    assert only(hall, promises_match).startswith(f"order {number}: its {what} is ")


def test_a_deadline_of_a_request_changed_by_hand_is_found(hall: Hall):
    code = hall.guests[0].code
    earlier = "UPDATE request SET due_at = '2026-11-30 00:00:00+00:00' WHERE code = :code"
    write(hall, earlier, code=code)
    assert only(hall, promises_match).startswith(f"request {code}: its deadline is 2026-11-30")


def test_what_nobody_has_answered_is_not_settled_by_a_row_alone(hall: Hall):
    """An hour after a report, a changed column claims that she was silent for ten days."""
    guest = hall.guests[0]
    number = hall.met(guest)[0].number
    hall.step("technical", number, OrderAction.TAKE_ON)
    hall.step("technical", number, OrderAction.REPORT, note="انجام شد.")
    asked_by = guest.orders[0].due_at
    now = f"'{hall.clock():%Y-%m-%d %H:%M:%S.%f+00:00}'"
    write(hall, f"UPDATE mayor_order SET due_at = {now} WHERE number = :number", number=number)
    hall.clock.forward(hours=1)
    hall.application.worker.tick()
    (order,) = guest.orders
    assert (order.stage, order.due_at) == (OrderStage.REPORTED, asked_by)
    assert NAME_OF[promises_match] not in found(hall), "the clock has put the row right"


def test_a_role_of_another_release_gives_no_power_and_stops_no_check(hall: Hall):
    """During an upgrade, the old release runs on tables that may contain a new role."""
    write(hall, _OF_A_DESK.format("role = 'archivist'"))
    whats = {finding.what for finding in found(hall)[NAME_OF[roles_given]]}
    assert "its role archivist is none that this release knows: it gives no power" in whats
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        (desk,) = (account for account in uow.accounts.all() if account.username == "desk")
        assert desk == uow.accounts.get(desk.id)
    assert desk.grants == desk.terms == ()


_OF_A_DESK = "UPDATE role_grant SET {} WHERE role = 'desk'"
_TO_AN_ADMINISTRATOR = (
    "INSERT INTO role_grant (account_id, role)"
    " SELECT id, 'administrator' FROM account WHERE username = 'desk'"
)
_TWICE = (
    "INSERT INTO role_grant (account_id, role, district)"
    " SELECT account_id, role, district FROM role_grant WHERE role = 'desk'"
)
_OLD = "2026-01-01 00:00:00+00:00"


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (_TO_AN_ADMINISTRATOR, "administrator was given by nobody"),
        (_TWICE, "desk was given by nobody"),
        (_OF_A_DESK.format("role = 'mayor'"), "mayor was given by nobody"),
        (
            _OF_A_DESK.format("until_on = '2030-01-01'"),
            "desk ends 2030-01-01, its history says None",
        ),
        (_OF_A_DESK.format(f"given_at = '{_OLD}'"), f"desk was not given at {_OLD}"),
        (_OF_A_DESK.format("given_at = NULL"), "desk was not given at None"),
    ],
)
def test_a_role_that_no_history_has_is_found(hall: Hall, statement: str, what: str):
    write(hall, statement)
    findings = found(hall)
    is_power = "given_at" not in statement
    checks = [roles_given, *([accounts_tagged] if is_power else [])]
    assert list(findings) == [NAME_OF[check] for check in checks]
    assert {finding.what for finding in findings[NAME_OF[roles_given]]} == {f"its role {what}"}


@pytest.mark.on_postgresql
def test_a_history_that_may_be_changed_is_found_whichever_trigger_is_gone(hall: Hall):
    engine = hall.application.store.engine
    of = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal",
    }
    with engine.connect() as connection:
        triggers = connection.execute(text(of[engine.dialect.name])).all()
    guards = [(name, str(table)) for name, table in triggers]
    assert len({table for _, table in guards}) == 8
    on = " ON {}" if engine.dialect.name == "postgresql" else ""
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        for name, table in guards:
            before = uow.connection.begin_nested()
            uow.connection.execute(text(f"DROP TRIGGER {name}{on.format(table)}"))
            gone = [Finding(f"table {table}", f"its trigger {name} is gone")]
            assert list(histories_only_grow(uow, hall.clock())) == gone
            before.rollback()
        assert list(histories_only_grow(uow, hall.clock())) == []


def test_an_event_taken_out_is_found(hall: Hall):
    guest = hall.guests[0]
    write(
        hall,
        "DELETE FROM event WHERE request_id = :id AND action = 'confirm'",
        id=guest.request.id,
    )
    assert "its events lead to invited" in only(
        hall, events_tagged, replays, promises_match, rows_match
    )


def test_events_that_do_not_join_are_found(hall: Hall):
    key = hall.guests[0].request.id
    write(hall, "DELETE FROM event WHERE request_id = :id AND action = 'seat'", id=key)
    assert "its events do not join: confirm cannot follow waiting" in only(
        hall, events_tagged, replays, rows_match
    )


@pytest.mark.on_postgresql
def test_of_a_citys_every_event_a_replay_reads_where_it_led_and_no_more(hall: Hall):
    with asked(hall.application.store.engine) as sent:
        hall.application.query_as(COMMAND_LINE, examine, Checkup(checks=(NAME_OF[replays],)))
    (of_events,) = [one for one, _ in sent.statements if "FROM event" in one]
    assert "event.payload" not in of_events
    assert "event.at" not in of_events


def test_a_case_without_any_event_is_found(hall: Hall):
    key = hall.guests[0].request.id
    write(hall, "DELETE FROM outbox WHERE request_id = :id", id=key)
    write(hall, "DELETE FROM event WHERE request_id = :id", id=key)
    assert "no event leads to confirmed" in only(
        hall, histories_stand, events_tagged, replays, rows_match
    )


def test_a_seat_taken_away_is_found(hall: Hall):
    hers = hall.guests[0].request
    write(hall, "UPDATE seat SET state = 'released' WHERE request_id = :id", id=hers.id)
    assert only(hall, seats_match, tables_follow) == (
        f"request {hers.code}: holds 0 seats and is confirmed"
        f" / seat d06-1405-09-09 {hers.seat.time}: is held by nobody,"
        f" by the log by {hers.ticket[:8]}"
    )


def test_a_seat_given_to_somebody_else_is_found_in_both_books(hall: Hall):
    """A standby gets a drawn seat: the allocation and the published file disagree."""
    with hall.reading() as uow:
        waiting = uow.draws.waiting(DISTRICT, MONDAY)
    key = next(iter(waiting.values()))
    mine = hall.guests[0].request
    write(hall, "UPDATE seat SET request_id = :to WHERE request_id = :was", to=key, was=mine.id)
    findings = found(hall)
    assert set(findings) == {
        NAME_OF[one] for one in (seats_match, draws_hold, tables_follow, rows_match)
    }
    whats = {finding.what for finding in findings[NAME_OF[seats_match]]}
    assert whats == {"holds 1 seats and is waiting", "holds 0 seats and is confirmed"}
    assert "not by the draw" in findings[NAME_OF[draws_hold]][0].what


def test_a_seat_on_a_monday_nobody_opened_is_found(hall: Hall):
    key = hall.guests[0].request.id
    day = (MONDAY + timedelta(weeks=20)).isoformat()
    write(hall, f"UPDATE seat SET monday = '{day}' WHERE request_id = :id", id=key)
    assert "that Monday was never opened" in only(hall, seats_match, tables_follow, rows_match)


def test_a_case_moved_to_another_district_past_the_program_is_found(hall: Hall):
    key = hall.guests[0].request.id
    write(hall, "UPDATE request SET district = 4 WHERE id = :id", id=key)
    assert "is of district 4 and seated in 6" in only(hall, seats_match, tickets_are_hers)


def test_a_case_moved_to_another_person_past_the_program_is_found(hall: Hall):
    hers, friend = (guest.request for guest in hall.guests[:2])
    over = "UPDATE request SET person_id = :friend, live_person = NULL, stage = 'closed'"
    write(hall, f"{over} WHERE id = :id", friend=friend.person_id, id=hers.id)
    what = "belongs to another person than its ticket"
    assert found(hall)[NAME_OF[tickets_are_hers]] == [Finding(f"request {hers.code}", what)]


@pytest.mark.on_postgresql
def test_whoever_a_hand_has_made_verified_is_found_and_still_shows_her_card(hall: Hall):
    """A verified person needs only four digits at the door, and no card by telephone."""
    guest, proved = hall.guests[:2]
    hall.arrive(proved)  # reception has typed her card, so the log says it too
    request, card = guest.request, hall.card(guest)
    level = "UPDATE person SET level = 'verified', proven_by = 'desk:1' WHERE id = :id"
    write(hall, level, id=request.person_id)
    lent = (
        "INSERT INTO account_event (id, at, account_id, kind, body) SELECT 99999, at, :id, kind,"
        " body FROM account_event WHERE account_id = :proved AND kind = 'citizen_stands'"
    )
    for change in ((), (lent,)):
        for statement in change:
            write(hall, statement, id=request.person_id, proved=proved.request.person_id)
        with pytest.raises(Invalid, match="card_unproved"):
            hall.act("reception", guest, Action.ARRIVE, identity=card[-4:])
        logged, history = only(hall, proofs_logged, reached_as_set).split(" / ")
        assert logged == (
            f"request {request.code}: its person is verified, the log knows of no card or sign-on"
        )
        assert history.startswith(f"person {request.person_id}: ")


@pytest.mark.parametrize(("table", "column"), [("request", "salt"), ("person", "identity")])
def test_a_ticket_that_nobody_can_compare_is_found(hall: Hall, table: str, column: str):
    """Otherwise a person who hands a seat on could damage what would reveal it."""
    hers, other = (guest.request for guest in hall.guests[:2])
    keys = (hers.id, other.id) if table == "request" else (hers.person_id, other.person_id)
    copied = f"(SELECT {column} FROM {table} WHERE id = :other)"
    statement = f"UPDATE {table} SET {column} = {copied} WHERE id = :id"
    write(hall, statement, id=keys[0], other=keys[1])
    unread = "cannot be compared with its ticket: its salt or its person is unreadable"
    where = hers.code if table == "request" else hers.person_id
    assert only(hall, tickets_are_hers, sealed_opens) == (
        f"request {hers.code}: {unread} / {table} {where}: its {column} cannot be opened"
    )


def test_a_lane_that_no_judge_has_given_is_found(hall: Hall):
    request = hall.guests[0].request
    sealed = hall.application.store.vault.seal_word("request.lane", request.id, "urgent")
    write(hall, "UPDATE request SET lane = :lane WHERE id = :id", id=request.id, lane=sealed)
    assert only(hall, lanes_judged, tables_follow) == (
        f"request {request.code}: has the lane urgent, was given general"
        f" / request {request.code}: has lane urgent, the log says general"
    )


def test_a_lane_copied_from_another_row_is_found(hall: Hall):
    request, other = (guest.request for guest in hall.guests[:2])
    copied = "UPDATE request SET lane = (SELECT lane FROM request WHERE id = :other) WHERE id = :id"
    write(hall, copied, id=request.id, other=other.id)
    assert only(hall, sealed_opens, lanes_judged, tables_follow) == (
        f"request {request.code}: its lane cannot be opened"
        f" / request {request.code}: has the lane unreadable, was given general"
        f" / request {request.code}: has lane unreadable, the log says general"
    )


def test_a_second_live_request_made_possible_is_found(hall: Hall):
    code = hall.guests[0].code
    write(hall, "UPDATE request SET live_person = NULL WHERE code = :code", code=code)
    assert only(hall, live_marks).startswith(f"request {code}: is marked wrongly")


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE public_log SET body = '{}' WHERE seq = 3", "it is not the entry of its hash"),
        ("DELETE FROM public_log WHERE seq = 3", "seq_broken"),
        ("UPDATE log_head SET seq = seq - 1", "its head is not its newest entry"),
    ],
)
def test_a_changed_log_is_found(hall: Hall, statement, what):
    write(hall, statement)
    # Counts from a changed log may differ as well.
    assert any(what in finding.what for finding in found(hall)[NAME_OF[log_holds]])


@pytest.mark.parametrize(
    "change",
    ["body = 'سلام'", "body = '{'", "body = '[]'", "kind = 'nothing'", "at = 'never'"],
)
def test_an_entry_nobody_can_read_any_more_is_found_and_ends_no_check(hall: Hall, change: str):
    write(hall, f"UPDATE public_log SET {change} WHERE seq = 3")
    whole = found(hall)[NAME_OF[log_holds]]
    assert any(finding.where.startswith("public log 3") for finding in whole)
    assert any(finding.where == "public log 3" for finding in found(hall)[NAME_OF[audit_holds]])


@pytest.mark.parametrize("kind", ["freeze", "draw"])
def test_an_entry_of_a_draw_nobody_can_read_any_more_is_found(hall: Hall, kind: str):
    write(hall, f"UPDATE public_log SET body = '{{' WHERE kind = '{kind}'")
    findings = [finding.what for finding in found(hall)[NAME_OF[draws_hold]]]
    assert "by the log it is not drawn" in findings


def test_draws_are_checked_without_reading_the_whole_log(hall: Hall):
    with asked(hall.application.store.engine) as sent:
        hall.application.query_as(COMMAND_LINE, examine, Checkup(checks=(NAME_OF[draws_hold],)))
    of_the_log = [said for said, _ in sent.statements if "FROM public_log" in said]
    assert len(of_the_log) == 1
    assert "public_log.kind IN" in of_the_log[0]


def test_a_changed_tile_is_found(hall: Hall):
    write(hall, "INSERT INTO log_node (level, number, hash) VALUES (1, 7, :hash)", hash=bytes(32))
    assert "its tiles are not those of its entries" in only(hall, log_holds)


def test_a_log_whose_end_was_cut_off_is_found(hall: Hall):
    write(hall, "DELETE FROM public_log WHERE seq = (SELECT max(seq) FROM public_log)")
    assert "its head is not its newest entry" in only(hall, log_holds)


def draw_file(hall: Hall, change) -> None:
    with hall.reading() as uow:
        draw = uow.draws.get(DISTRICT, MONDAY)
    file = json.loads(canonical_json(draw.file))
    change(file)
    statement = "UPDATE draw SET file = :file WHERE id = :id"
    write(hall, statement, file=canonical_json(file), id=draw.id)


def test_a_changed_draw_file_is_found(hall: Hall):
    draw_file(hall, lambda file: file["seated"].reverse())
    finding_text = only(hall, draws_hold)
    assert "seated_differs" in finding_text
    assert "the log has another file" in finding_text


def test_another_pool_with_a_fitting_root_is_found_by_the_log(hall: Hall):
    def swap(file) -> None:
        opened = {key: file[key] for key in OPEN_KEYS}
        rows = [Row.from_body(body) for body in file["pool"][1:]]
        late = file["late_day"], file["late_value"]
        made = drawn_file(frozen_file(opened, rows), file["reveals"], *late)
        file.clear()
        file.update(made)

    draw_file(hall, swap)
    findings = found(hall)
    assert list(findings) == [NAME_OF[draws_hold], NAME_OF[tables_follow]]
    (other_list,) = findings[NAME_OF[tables_follow]]
    assert other_list.what == "its list is not the one that the log makes"
    finding_text = " / ".join(finding.what for finding in findings[NAME_OF[draws_hold]])
    assert "the log has another pool" in finding_text
    assert "root_differs" not in finding_text


def test_a_draw_made_undone_is_found(hall: Hall):
    write(hall, "UPDATE draw SET state = 'frozen' WHERE district = 4 AND state = 'drawn'")
    assert "by the log it is not frozen" in only(hall, draws_hold)


def test_the_end_of_the_holiday_table_is_told_before_a_monday_after_it_opens(hall: Hall):
    last_quiet = HOLIDAYS_UNTIL - HOLIDAYS_NOTICE - timedelta(days=1)
    hall.clock.set(at_tehran(last_quiet, "09:00"))
    assert only(hall) == ""
    hall.clock.set(at_tehran(last_quiet + timedelta(days=1), "09:00"))
    assert f"the table ends at {HOLIDAYS_UNTIL}" in only(hall, holidays_known)


class Aged:
    """A storage in which these files were stored three days ago."""

    def __init__(self, files, *old: str) -> None:
        self.files, self.old = files, old

    def names(self) -> dict[str, datetime]:
        there = self.files.names()
        return {name: at - 3 * DAY if name in self.old else at for name, at in there.items()}

    def get(self, name: str) -> bytes:
        return self.files.get(name)


def spoil(path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("shelf", ["images", "originals"])
def test_lost_spoilt_and_unnamed_files_are_found(application, city, clock, shelf):
    files, names = getattr(application, shelf), ("sound", "spoilt", "odd", "new")
    sound, spoilt, unnamed, arriving = (files.put(name.encode()) for name in names)
    lost = hashlib.sha256(b"lost").hexdigest()
    named = {"images": ("web", "thumb"), "originals": ("original", "original_file")}[shelf]
    keys = []
    with application.store.unit_of_work(clock()) as uow:
        for name in (sound, spoilt, lost):
            filled = dict.fromkeys(("web", "thumb", "original"), "0" * 64) | dict.fromkeys(
                named, name
            )
            image = uow.images.add(
                kind=PictureKind.DRAFT, width=1, height=1, actor=city.as_("desk"), **filled
            )
            keys.append(image.id)
    paths = getattr(application.query_as(COMMAND_LINE, named_files, Nothing()), shelf)
    assert list(file_findings(paths[:1], Aged(files), clock())) == []
    spoil(path_of(files, spoilt))
    found = list(file_findings(paths, Aged(files, unnamed), datetime.now(UTC)))
    assert set(found) == {
        Finding(f"picture {keys[1]}", f"its file {spoilt} cannot be opened"),
        Finding(f"picture {keys[2]}", f"its file {lost} is missing"),
        Finding(f"file {unnamed}", "nothing names it"),
    }
    assert arriving in files.names()


def test_each_file_of_a_paper_in_custody_is_looked_for_where_it_lies(hall: Hall):
    guest = hall.guests[0]
    hashes = {part: hashlib.sha256(part.value.encode()).hexdigest() for part in SheetPart}
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        request = uow.requests.by_id(guest.request.id)
        for part, name in hashes.items():
            uow.document_audit.add(
                request_id=request.id,
                sheet="6-1405-9",
                part=part.value,
                sha256=name,
                account_id=None,
                role=Role.MAYOR,
                at=hall.clock(),
            )
    named = hall.application.query_as(COMMAND_LINE, named_files, Nothing())
    lost = [
        finding.where
        for names, files in ((named.images, "images"), (named.originals, "originals"))
        for finding in file_findings(names, getattr(hall.application, files), hall.clock())
        if "6-1405-9" in finding.where
    ]
    ours = ("straightened", "composed", "thumb", "printable")
    assert lost == [f"{part} of order 6-1405-9" for part in (*ours, "ink", "photo")]


def test_a_recording_of_a_hall_is_one_of_the_files_of_the_city(hall: Hall):
    """Otherwise `doctor` would name it as nobody's file every night.

    It would not report a lost recording either, although the sweep stops for it.
    """
    originals = hall.application.originals
    spoken = originals.put(b"a voice")
    clip = KeepRecording(clip="n01", district=6, file=spoken, kind="audio/mpeg", millis=900)
    hall.execute("reception", keep_recording, clip)
    named = hall.application.query_as(COMMAND_LINE, named_files, Nothing())
    with hall.application.store.unit_of_work(hall.clock(), reading=True) as uow:
        kept = named_by(uow)
    assert tuple({name for _, name in names} for names in (named.images, named.originals)) == kept
    assert list(file_findings(named.originals, Aged(originals, spoken), datetime.now(UTC))) == []
    path_of(originals, spoken).unlink()
    (lost,) = file_findings(named.originals, originals, datetime.now(UTC))
    assert lost == Finding("recording n01 of district 6", f"its file {spoken} is missing")


def test_nobody_but_an_administrator_reads_the_books(hall: Hall):
    for username in ("mayor", "overseer", "desk"):
        with pytest.raises(Denied, match="not_your_role"):
            hall.query(username, examine, Checkup())


def test_what_is_examined_together_is_every_check_once_in_its_order():
    assert [name for names in examined_together() for name in names] == list(CHECKS)


def test_the_whole_log_is_read_once_for_both_checks_of_one_reading(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
):
    read: list[object] = []

    def note(uow):
        read.append(uow)
        return audited(uow)

    monkeypatch.setattr(books, "audited", note)
    (together,) = [names for names in examined_together() if len(names) > 1]
    for _ in range(2):
        found = hall.application.query_as(COMMAND_LINE, examine, Checkup(checks=together))
        assert [examined.findings for examined in found] == [(), ()]
    assert len(read) == 2


def test_a_state_of_another_release_is_named_and_the_log_decides(hall: Hall):
    write(hall, "UPDATE monday SET state = 'postponed'")
    whats = {finding.what for finding in found(hall)[NAME_OF[tables_follow]]}
    assert "is unknown, by the log open" in whats
    hall.clock.forward(days=7)
    hall.application.worker.tick()  # one unknown row stops no other job
    with hall.application.store.unit_of_work(hall.clock(), reading=True) as uow:
        states = {day.district: day.state for day in uow.city.mondays(on=MONDAY)}
    assert states == {4: MondayState.NO_VISITORS, 6: MondayState.NOT_HELD}
