"""The database owner writes a notice, or the step that it is about: nobody gets it as true."""

import json
from datetime import timedelta

import pytest
from support.citizens import someone
from support.hall import SERVICES, TECHNICAL, Guest, Hall
from support.line import DISTRICT, MONDAY
from support.triggers import write

from publicmeeting.domain.lifecycle.notices import Delivery
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.process.figures import FIGURES
from publicmeeting.notify.outbox import deliver
from publicmeeting.notify.phone import DemoPhone
from publicmeeting.notify.wording import ForgedNoticeError, about
from publicmeeting.store.lifecycle import events, requests
from publicmeeting.store.lifecycle.delays import Delay
from publicmeeting.store.lifecycle.outbox import Notice
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.districts.closing import CloseMonday, close_monday
from publicmeeting.usecases.meetings.coming.reminders import warn_late
from publicmeeting.usecases.screening.calls import calls
from publicmeeting.usecases.tracking.for_caller import CallersCase, case_of_caller
from publicmeeting.usecases.tracking.my_page import my_page

NOTICE = (
    "INSERT INTO outbox (event_id, request_id, order_id, action, facts, role, person_id, at, state,"
    " tries, next_try_at, without_words) SELECT event.id, request_id, order_id, {action}, {facts},"
    " 'citizen', person_id, at, 'waiting', 0, at, false FROM event"
    " WHERE request_id = :id AND action = '{event}'"
)
CANCELLED = (
    "INSERT INTO event (request_id, action, role, from_stage, to_stage, payload, at, person_id,"
    " tag)"
    " SELECT id, 'cancel_monday', 'clock', stage, stage, :payload, :at, person_id, '' FROM request"
    " WHERE id = :id"
)


def send_earlier(hall: Hall) -> None:
    """Send what waits before the database owner begins."""
    deliver(hall.application, hall.clock())
    phone_of(hall).sent.clear()


def phone_of(hall: Hall) -> DemoPhone:
    assert isinstance(hall.application.phone, DemoPhone)
    return hall.application.phone


def sent(hall: Hall) -> list[str]:
    deliver(hall.application, hall.clock())
    return [text for _, text in phone_of(hall).sent]


def notices(hall: Hall, guest: Guest, action: str) -> list[Notice]:
    with hall.reading() as uow:
        found = uow.outbox.of_request(guest.request.id, "citizen")
    return [one for one in found if one.action == action]


def counted() -> float | None:
    return FIGURES.get_sample_value("publicmeeting_faults_total", {"where": "case"})


def reports(hall: Hall) -> list[str]:
    with hall.reading() as uow:
        return [one.what for one in uow.security.page((SecurityKind.FORGED,))]


def forge_closing(hall: Hall, guest: Guest) -> None:
    """Write that her Monday is called off, so that she stays at home."""
    payload = json.dumps({"monday": MONDAY.isoformat(), "why": "official"})
    at = (hall.clock() - timedelta(minutes=1)).isoformat(sep=" ")
    write(hall, CANCELLED, id=guest.request.id, payload=payload, at=at)
    statement = NOTICE.format(action="action", facts="''", event="cancel_monday")
    write(hall, statement, id=guest.request.id)


@pytest.mark.on_postgresql
def test_no_message_says_what_the_owner_wrote_as_a_step(hall: Hall) -> None:
    guest = hall.guests[0]
    send_earlier(hall)
    forge_closing(hall, guest)
    for _ in range(2):
        assert sent(hall) == []
        hall.clock.forward(minutes=2)
    (notice,) = notices(hall, guest, Action.CANCEL_MONDAY)
    assert notice.state == Delivery.WAITING
    assert reports(hall) == [f"notice {notice.id}"], "once, however often it is tried"
    hers = hall.query(guest.actor, my_page, Nothing()).notices
    assert Action.CANCEL_MONDAY not in [one.about.action for one in hers]


@pytest.mark.on_postgresql
def test_the_desk_reads_nothing_to_her_that_the_owner_wrote(hall: Hall) -> None:
    guest = hall.guests[0]
    forge_closing(hall, guest)
    state = "UPDATE outbox SET state = 'failed' WHERE action = 'cancel_monday'"
    write(hall, state)
    found = hall.query("desk", calls, Nothing())
    assert Action.CANCEL_MONDAY not in [call.about.action for call in found.waiting]
    assert found.unread == 1


@pytest.mark.on_postgresql
def test_the_telephone_line_opens_her_case_and_reads_out_only_what_is_genuine(hall: Hall) -> None:
    guest = hall.guests[0]
    forge_closing(hall, guest)
    state = "UPDATE outbox SET state = 'failed' WHERE role = 'citizen' AND request_id = :id"
    write(hall, state, id=guest.request.id)
    with hall.reading() as uow:
        mobile = uow.people.get(guest.request.person_id).mobile or ""
    command = CallersCase(code=guest.code, digits=mobile[-4:])
    page = hall.execute("phone", case_of_caller, command)
    said = [call.about.action for call in page.news]
    assert Action.SUBMIT in said
    assert Action.CANCEL_MONDAY not in said
    assert page.stages.is_changed
    assert reports(hall) == [f"request {guest.code}"]


LATE = {"earliest": "2026-11-30T12:00:00+00:00", "latest": "2026-11-30T13:00:00+00:00"}


@pytest.mark.on_postgresql
def test_no_message_says_that_a_monday_runs_late_because_the_owner_wrote_it(hall: Hall) -> None:
    guest = hall.guests[0]
    send_earlier(hall)
    facts = json.dumps({**LATE, "minutes": 180})
    statement = NOTICE.format(action="'lateness'", facts=":facts", event="confirm")
    write(hall, statement, id=guest.request.id, facts=facts)
    write(hall, "UPDATE outbox SET at = :now WHERE action = 'lateness'", now=f"{hall.clock()}")
    assert sent(hall) == []
    (notice,) = notices(hall, guest, "lateness")
    assert reports(hall) == [f"notice {notice.id}"]
    write(hall, "DELETE FROM outbox WHERE action = 'lateness'")
    hall.clock.set(at_tehran(MONDAY, "09:21"))
    hall.arrive(guest)
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        warn_late(uow, DISTRICT, MONDAY, hall.clock())
    (true,) = notices(hall, guest, "lateness")
    assert isinstance(true.delay, Delay)
    assert len(sent(hall)) == len(hall.guests)


def test_a_notice_about_the_order_of_another_case_is_not_sent(hall: Hall) -> None:
    guest, other = hall.guests[:2]
    number = hall.met(guest)[0].number
    send_earlier(hall)
    write(
        hall,
        "INSERT INTO outbox (event_id, request_id, order_id, action, facts, role, person_id, at,"
        " state, tries, next_try_at, without_words) SELECT event.id, :other, order_id, 'issue', '',"
        " 'citizen', :person, at, 'waiting', 0, at, false FROM event WHERE action = 'issue'",
        other=other.request.id,
        person=other.request.person_id,
    )
    assert sent(hall) == [], number


def test_come_now_is_not_sent_later_because_its_row_is_younger(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.arrive(guest)
    send_earlier(hall)
    hall.act("reception", guest, Action.CALL)
    hall.clock.forward(minutes=40)
    write(hall, "UPDATE outbox SET at = :now WHERE action = 'call'", now=f"{hall.clock()}")
    assert sent(hall) == []
    assert [one.state for one in notices(hall, guest, Action.CALL)] == [Delivery.SHOWN]
    hers = hall.query(guest.actor, my_page, Nothing()).notices
    (called,) = (one for one in hers if one.about.action is Action.CALL)
    assert called.at == hall.clock() - timedelta(minutes=40), "her list says when, too"


@pytest.mark.on_postgresql
@pytest.mark.parametrize("change", ["person_id = :person", "role = 'desk', next_try_at = at"])
def test_a_true_notice_to_another_reader_is_not_sent(hall: Hall, change: str) -> None:
    guest, other = hall.guests[:2]
    send_earlier(hall)
    hall.arrive(other)
    hall.act("reception", other, Action.CALL)
    moved = f"UPDATE outbox SET {change} WHERE action = 'call' AND :person <> ''"
    write(hall, moved, person=guest.request.person_id)
    assert sent(hall) == []
    hers = hall.query(guest.actor, my_page, Nothing()).notices
    assert Action.CALL not in [one.about.action for one in hers]


@pytest.mark.on_postgresql
def test_that_a_monday_runs_late_is_still_true_after_her_rows_became_one(hall: Hall) -> None:
    """What she filed with an identity that was proved again moves to another row of her own."""
    guest = hall.guests[1]
    send_earlier(hall)
    hall.clock.set(at_tehran(MONDAY, "09:21"))
    hall.arrive(hall.guests[0])
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        warn_late(uow, DISTRICT, MONDAY, hall.clock())
        who = someone(77)
        same = uow.people.add("national", who.identity, who.name, f"+98{who.mobile[1:]}").id
        uow.people.hand_over(of=guest.request.person_id, to=same)
    (notice,) = notices(hall, guest, "lateness")
    assert notice.person_id == same
    assert isinstance(notice.delay, Delay)
    assert len(sent(hall)) == len(hall.guests)
    assert reports(hall) == []


def test_how_late_a_monday_ran_by_an_older_release_is_no_fault_of_her_page(hall: Hall) -> None:
    guest = hall.guests[0]
    facts = json.dumps({**LATE, "minutes": 180})
    statement = NOTICE.format(action="'lateness'", facts=":facts", event="confirm")
    before = hall.query(guest.actor, my_page, Nothing()).notices
    write(hall, statement, id=guest.request.id, facts=facts)
    faults = counted()
    assert hall.query(guest.actor, my_page, Nothing()).notices == before
    assert counted() == faults


@pytest.mark.on_postgresql
def test_a_true_message_names_no_seat_that_the_owner_wrote(hall: Hall) -> None:
    """The Monday is really called off, and the message names which seat that was."""
    guest = hall.guests[0]
    payload = json.dumps({"monday": "2026-12-07", "time": "15:00"})
    forged = CANCELLED.replace("'cancel_monday'", "'seat'")
    write(hall, forged, id=guest.request.id, payload=payload, at=hall.clock().isoformat(sep=" "))
    command = CloseMonday(monday=f"{MONDAY}", district=f"{DISTRICT}", reason="mayor_away")
    hall.execute("administrator", close_monday, command)
    (notice,) = notices(hall, guest, Action.CANCEL_MONDAY)
    with hall.reading() as uow, pytest.raises(ForgedNoticeError):
        about(uow, notice, hall.clock())
    (other,) = notices(hall, hall.guests[1], Action.CANCEL_MONDAY)
    with hall.reading() as uow:
        assert about(uow, other, hall.clock()).day == MONDAY


@pytest.mark.parametrize("action", ["issue", "confirm"])
def test_her_list_shows_nothing_forged_however_many_cases_she_has(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    """Histories that are read together are checked only if they are few."""
    guest, other = hall.guests[:2]
    hall.met(guest, TECHNICAL, SERVICES)
    same = {"other": other.request.person_id, "id": guest.request.person_id}
    for table in ("request", "outbox"):
        write(hall, f"UPDATE {table} SET person_id = :id WHERE person_id = :other", **same)
    monkeypatch.setattr(events, "CHECKED_AT_ONCE", 1)
    monkeypatch.setattr(requests, "CHECKED_AT_ONCE", 1)

    def shown() -> set[str]:
        return {
            str(one.about.action) for one in hall.query(guest.actor, my_page, Nothing()).notices
        }

    assert action in shown()
    write(hall, "UPDATE event SET account_id = 'other' WHERE action = :action", action=action)
    assert action not in shown()
