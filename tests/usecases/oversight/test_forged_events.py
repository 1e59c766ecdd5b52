"""The database owner writes, changes, moves or removes a step of a case, and it is noticed."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from support.hall import Guest, Hall
from support.line import MONDAY
from support.triggers import write

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.records import Event, is_changed
from publicmeeting.domain.stages import Action, OrderAction, OrderStage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.database.vault import Vault
from publicmeeting.store.lifecycle.event_tags import retag_events
from publicmeeting.store.unit_of_work import Store
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.citizen.timeline.record import case_steps
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.meetings.room import REFUSED
from publicmeeting.usecases.oversight.books import histories_only_grow
from publicmeeting.usecases.oversight.held_events import (
    events_tagged,
)
from publicmeeting.usecases.tracking.timeline import TimelinePage, timeline_page
from publicmeeting.worker.jobs import find_jobs

COLUMNS = (
    "request_id, order_id, action, role, from_stage, to_stage, account_id, person_id, payload,"
    " note_id, due_at, at, tag"
)
COPY = f"INSERT INTO event ({COLUMNS}) SELECT {COLUMNS} FROM event"
OPERATIONS = Path(__file__).resolve().parents[3] / "docs" / "operations.md"
FORGED = "written or changed, or one before it removed"


def events(hall: Hall, guest: Guest) -> tuple[Event, ...]:
    with hall.reading() as uow:
        return uow.requests.by_id(guest.request.id).history


def found(hall: Hall) -> list[str]:
    with hall.reading() as uow:
        return [f"{one.where}: {one.what}" for one in events_tagged(uow, hall.clock())]


def page_of(hall: Hall, guest: Guest) -> TimelinePage:
    page: TimelinePage = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    return page


OF_HERS = "WHERE request_id = :id AND action = 'confirm'"
CHANGES = {
    "another officer": f"UPDATE event SET account_id = 'other' {OF_HERS}",
    "another day": f"UPDATE event SET at = '2026-11-25 09:00:00+00:00' {OF_HERS}",
    "another deadline": f"UPDATE event SET due_at = '2026-11-25 09:00:00+00:00' {OF_HERS}",
    "another payload": f"UPDATE event SET payload = '{{}}' {OF_HERS.replace('confirm', 'seat')}",
    "another step": f"UPDATE event SET action = 'give_up_seat' {OF_HERS}",
    "another note": f"UPDATE event SET note_id = 'other' {OF_HERS}",
    "no tag": f"UPDATE event SET tag = '' {OF_HERS}",
    "twice": f"{COPY} {OF_HERS}",
    "of another case": f"UPDATE event SET request_id = (SELECT max(id) FROM request) {OF_HERS}",
}


@pytest.mark.on_postgresql(rows=(1, 3))
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_step_that_the_owner_changes_is_not_genuine_and_no_other_is_spoiled(
    hall: Hall, change: str
) -> None:
    with hall.reading() as uow:
        last = uow.connection.execute(text("SELECT max(id) FROM request")).scalar_one()
    guest = next(one for one in hall.guests if one.request.id != last)
    before = events(hall, guest)
    assert not is_changed(guest.request)
    assert found(hall) == []
    write(hall, change, id=guest.request.id)
    hall.arrive(guest)
    after = {event.id: event for event in events(hall, guest)}
    wrong = [event for event in after.values() if not event.is_genuine]
    assert len(wrong) == ("request_id = (" not in change)
    assert all(after[event.id].is_genuine for event in before if event.action is Action.SUBMIT)
    assert max(after.items())[1].is_genuine, "an honest step after it counts"
    assert any(FORGED in one for one in found(hall))
    assert "request_id = (" in change or page_of(hall, guest).is_changed


@pytest.mark.on_postgresql
def test_a_step_that_the_owner_removes_leaves_a_gap(hall: Hall) -> None:
    guest = hall.guests[0]
    write(hall, f"DELETE FROM event {OF_HERS}", id=guest.request.id)
    hall.arrive(guest)
    after = events(hall, guest)
    assert all(event.is_genuine for event in after)
    assert [event.action for event in after if event.is_after_gap] == [Action.ARRIVE]
    assert len(found(hall)) == 1
    assert page_of(hall, guest).is_changed


@pytest.mark.on_postgresql
@pytest.mark.parametrize("version", [0, 1000])
def test_a_changed_version_of_its_row_spoils_no_genuine_step(hall: Hall, version: int) -> None:
    guest = hall.guests[0]
    write(hall, "UPDATE request SET version = :version", version=version)
    assert f"request {guest.code}: its version is not the number of its steps" in found(hall)
    hall.arrive(guest)
    assert all(event.is_genuine for event in events(hall, guest))


def forge_report(hall: Hall, number: str) -> None:
    """Write that the unit has reported long ago, and that she learned of it at once."""
    values = {"number": number, "long_ago": "2026-11-01 09:00:00.000000"}
    write(
        hall,
        f"INSERT INTO event ({COLUMNS}) SELECT request_id, id, 'report', 'unit', 'in_action',"
        " 'reported', NULL, NULL, '{\"outcome\": \"done\"}', NULL, :long_ago, :long_ago, ''"
        " FROM mayor_order WHERE number = :number",
        **values,
    )
    write(
        hall,
        "INSERT INTO outbox (event_id, request_id, order_id, action, role, person_id, at, state,"
        " tries, next_try_at, sent_at) SELECT event.id, request_id, order_id, 'report', 'citizen',"
        " request.person_id, :long_ago, 'sent', 1, :long_ago, :long_ago FROM event"
        " JOIN request ON request.id = request_id WHERE action = 'report'",
        long_ago=values["long_ago"],
    )
    write(
        hall,
        "UPDATE mayor_order SET stage = 'reported', due_at = :long_ago, stage_at = :long_ago"
        " WHERE number = :number",
        **values,
    )


@pytest.mark.on_postgresql
def test_a_promise_is_not_settled_by_a_report_that_the_owner_wrote(hall: Hall) -> None:
    guest = hall.guests[0]
    number = hall.met(guest)[0].number
    hall.step("technical", number, OrderAction.TAKE_ON)
    forge_report(hall, number)
    hall.clock.forward(days=30)
    with hall.reading() as uow:
        jobs, _ = find_jobs(uow, hall.clock(), hall.clock())
    (job,) = (one for one in jobs if "order/" in one.name)
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        job.do(uow, hall.clock())
    (order,) = guest.orders
    assert order.stage is OrderStage.REPORTED
    assert [one.startswith(f"order {number}: its event ") for one in found(hall)] == [True]
    page = page_of(hall, guest)
    titles = [step.title for step in case_steps(page)]
    assert page.is_changed
    assert road_text.FORGED in titles
    assert OrderAction.REPORT not in page.newest


@pytest.mark.on_postgresql
def test_a_promise_is_not_settled_by_a_stage_that_the_owner_wrote(hall: Hall) -> None:
    """The unit has not reported, and its deadline has passed: the clock puts the row right."""
    guest = hall.guests[0]
    number = hall.met(guest)[0].number
    hall.step("technical", number, OrderAction.TAKE_ON)
    before = guest.orders[0].history
    write(hall, "UPDATE mayor_order SET stage = 'reported' WHERE number = :number", number=number)
    hall.clock.forward(days=30)
    with hall.reading() as uow:
        jobs, _ = find_jobs(uow, hall.clock(), hall.clock())
    (job,) = (one for one in jobs if one.name.startswith("order/"))
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        job.do(uow, hall.clock())
    (order,) = guest.orders
    assert (order.stage, order.history) == (OrderStage.IN_ACTION, before)
    with hall.reading() as uow:
        assert uow.orders.stages_of(guest.request.id) == [OrderStage.IN_ACTION]
        assert [event.what for event in uow.security.page((SecurityKind.FORGED,))] == [
            f"order {number}"
        ]


def take_out(hall: Hall, event: int) -> None:
    """Run what docs/operations.md says; SQLite has no trigger to disable."""
    section = OPERATIONS.read_text("utf-8").partition("\n## Take out a step")[2]
    block = section.partition("```sql\n")[2].partition("```")[0].replace("4711", str(event))
    statements = [one.strip() for one in block.split(";") if one.strip()]
    engine = hall.application.store.engine
    if engine.dialect.name == "sqlite":
        for statement in statements:
            if statement.startswith("DELETE"):
                write(hall, statement)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))


def named_by_doctor(hall: Hall) -> int:
    (named,) = found(hall)
    return int(named.partition("its event ")[2].split()[0])


@pytest.mark.on_postgresql
def test_a_step_that_was_written_into_a_case_can_be_taken_out_again(hall: Hall) -> None:
    """With the notices of it, which the database owner may have written too."""
    guest = hall.guests[0]
    number = hall.met(guest)[0].number
    hall.step("technical", number, OrderAction.TAKE_ON)
    before = guest.orders[0].history
    forge_report(hall, number)
    assert is_changed(guest.orders[0])
    take_out(hall, named_by_doctor(hall))
    assert found(hall) == []
    assert guest.orders[0].history == before
    with hall.reading() as uow:
        assert list(histories_only_grow(uow, hall.clock())) == []


def test_a_forged_step_does_not_carry_the_words_of_another_case(hall: Hall) -> None:
    """He has no key to write words, but every note in the database has a name."""
    guest, other = hall.guests[:2]
    words = "این ملک در طرح است."
    hall.receive(guest)
    hall.finish(guest, outcome=REFUSED, note=words)
    other_id = other.request.id
    columns = COLUMNS.replace("request_id", ":other")
    write(
        hall,
        f"INSERT INTO event ({COLUMNS}) SELECT {columns} FROM event WHERE action = :action",
        other=other_id,
        action=Action.FINISH_REFUSED.value,
    )
    stage = guest.request.stage.value
    write(hall, "UPDATE request SET stage = :stage WHERE id = :id", id=other_id, stage=stage)
    assert events(hall, guest)[-1].note == words
    assert (events(hall, other)[-1].action, events(hall, other)[-1].note) == (
        Action.FINISH_REFUSED,
        None,
    )
    assert page_of(hall, other).refusal == ""


def test_words_of_a_changed_step_are_not_shown(hall: Hall) -> None:
    guest = hall.guests[0]
    write(hall, CHANGES["another day"], id=guest.request.id)
    (mark,) = (one for one in page_of(hall, guest).marks if not one.is_genuine)
    assert (mark.note, mark.payload) == (None, {})


@pytest.mark.on_postgresql
def test_steps_are_genuine_under_another_key_and_forged_ones_stay_forged(hall: Hall) -> None:
    guest = hall.guests[0]
    write(hall, CHANGES["another officer"], id=guest.request.id)
    store, new = hall.application.store, Vault(b"n" * 32)
    with store.unit_of_work(hall.clock()) as uow:
        retag_events(uow, new)
    url = store.engine.url.render_as_string(hide_password=False)
    with closing(Store(url, new)) as other, other.unit_of_work(hall.clock(), reading=True) as uow:
        findings = list(events_tagged(uow, hall.clock()))
    assert [one.where for one in findings] == [f"request {guest.code}"]


def test_the_payload_of_a_tag_is_the_stored_text(hall: Hall) -> None:
    """An equal object in another spelling is another event."""
    guest = hall.guests[0]
    (seated,) = (event for event in events(hall, guest) if event.action is Action.SEAT)
    spelled = json.dumps(dict(seated.payload), indent=1)
    write(hall, "UPDATE event SET payload = :payload WHERE id = :id", payload=spelled, id=seated.id)
    (after,) = (event for event in events(hall, guest) if event.id == seated.id)
    assert not after.is_genuine
    assert replace(after, is_genuine=True) == seated


def test_a_damaged_cell_of_one_event_stops_neither_the_clock_nor_the_check_of_the_others(
    hall: Hall,
) -> None:
    guest = hall.guests[0]
    before, key = events(hall, guest), guest.request.id
    write(hall, f"UPDATE event SET payload = X'00' {OF_HERS}", id=key)
    with hall.reading() as uow:
        after = uow.clock_requests.by_id(key).history
    assert [event.action for event in after] == [
        event.action for event in before if event.action is not Action.CONFIRM
    ]
    assert [FORGED in one for one in found(hall)] == [True]


def test_two_calls_that_the_owner_writes_make_nobody_absent(hall: Hall) -> None:
    """She waits in the hall; an officer who knows of it would have her seat for another."""
    guest = hall.guests[0]
    hall.arrive(guest)
    hall.clock.set(at_tehran(MONDAY, guest.request.seat.time) + timedelta(minutes=20))
    called = (
        "INSERT INTO event (request_id, action, role, from_stage, to_stage, payload, at, tag)"
        " SELECT request_id, 'call', 'reception', to_stage, to_stage, '{}', :at, tag FROM event"
        " WHERE request_id = :id AND action = 'arrive'"
    )
    for minutes in (12, 11):
        at = hall.clock.now - timedelta(minutes=minutes)
        write(hall, called, id=guest.request.id, at=f"{at:%F %T}")
    with pytest.raises(Denied, match="call_twice"):
        hall.act("reception", guest, Action.NO_SHOW)
