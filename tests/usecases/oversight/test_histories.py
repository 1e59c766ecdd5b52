"""After an audit has read it, not even the database owner can change history unseen."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from support.hall import Hall
from support.line import MONDAY
from support.triggers import write
from test_books import NAME_OF, found, only

from publicmeeting.store.public_record import reports
from publicmeeting.usecases.oversight.books import histories_stand
from publicmeeting.usecases.public_record.auditing import audit_before

TABLES = ("account_event", "custody", "event")


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("event", "UPDATE event SET payload = '[]' WHERE id = 1"),
        ("event", "UPDATE event SET account_id = NULL, at = '2026-11-01 09:00:00' WHERE id = 1"),
        ("account_event", "UPDATE account_event SET by_account = 'another' WHERE id = 1"),
        ("account_event", "DELETE FROM account_event WHERE id = 2"),
    ],
)
def test_an_event_changed_behind_triggers_that_are_back_is_found(
    hall: Hall, table: str, statement: str
) -> None:
    write(hall, statement)
    (one,) = found(hall)[NAME_OF[histories_stand]]
    assert one.where == f"table {table}"
    assert one.what.startswith("is not what had happened up to number ")


def test_how_many_audits_agree_since_a_step_was_taken_out_tells_an_old_change_from_a_new_one(
    hall: Hall,
) -> None:
    """An operator who reads the same line each night must notice the next change."""
    other = hall.guests[1].request.id
    first = "SELECT min(id) FROM event WHERE request_id = :id"
    write(hall, f"UPDATE event SET payload = '[]' WHERE id = ({first})", id=other)
    hall.arrive(hall.guests[0])
    hall.clock.forward(days=1)
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        audit_before(uow, MONDAY + timedelta(weeks=3), hall.clock())
    (one,) = found(hall)[NAME_OF[histories_stand]]
    assert one.what.endswith("; audits that agree since then: 1")
    write(hall, "UPDATE event SET payload = '{}' WHERE id = 2")
    assert {"agree" in one.what for one in found(hall)[NAME_OF[histories_stand]]} == {False}


def test_whoever_takes_the_report_away_as_well_is_found(hall: Hall) -> None:
    write(hall, "DELETE FROM log_report")
    assert only(hall, histories_stand).endswith(": the report of this audit is gone")


def test_another_report_in_its_place_is_found(hall: Hall) -> None:
    write(hall, "UPDATE log_report SET text = replace(text, 'sha256', 'sha25')")
    assert only(hall, histories_stand).endswith(": the report of this audit is gone")


@pytest.mark.on_postgresql
def test_a_hash_covers_every_row_up_to_its_number_and_nothing_later(hall: Hall) -> None:
    hall.met(hall.guests[0])
    for table in TABLES:
        with hall.reading() as uow:
            last = uow.connection.execute(text(f"SELECT max(id) FROM {table}")).scalar_one()
            before = uow.histories.hashes(table, (0, 1, last, last + 5))
        assert len({*before.values()}) == len({0, 1, last})
        assert before[last + 5] == before[last]
        write(hall, f"UPDATE {table} SET account_id = 'another' WHERE id = {last}")
        with hall.reading() as uow:
            after = uow.histories.hashes(table, before)
        assert {number for number in before if before[number] != after[number]} == {last, last + 5}


def test_what_may_still_get_a_lower_number_is_left_to_the_next_audit(hall: Hall) -> None:
    with hall.reading() as uow:
        before = uow.histories.settled(hall.clock() + timedelta(days=1))["event"]
    hall.arrive(hall.guests[0])
    now = hall.clock()
    with hall.reading() as uow:
        settled = uow.histories.settled(now + timedelta(minutes=29))["event"]
        assert settled <= before
        assert uow.histories.settled(now + timedelta(minutes=31))["event"] > before


def test_a_table_that_only_a_newer_release_audits_ends_no_check(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Going back a release leaves the newer one's reports; the other tables are still compared."""
    known = {name: columns for name, columns in reports._COLUMNS.items() if name != "event"}
    monkeypatch.setattr(reports, "_COLUMNS", known)
    write(hall, "UPDATE account_event SET by_account = 'another' WHERE id = 1")
    what = {one.where: one.what for one in found(hall)[NAME_OF[histories_stand]]}
    assert what.keys() == {"table event", "table account_event"}
    assert what["table event"] == "was audited by a newer release, and is not compared"
