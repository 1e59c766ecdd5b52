"""The index of the log is changed on a Monday, and what reception and clock log has its causes."""

import json
from typing import Any

import pytest
from sqlalchemy import text
from support.hall import Hall
from support.line import DISTRICT, MONDAY
from support.triggers import write

from publicmeeting.domain.stages import Action
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.districts.closing import CloseMonday, close_monday
from publicmeeting.usecases.line.mondays import empty_room


def entries(hall: Hall, kind: Kind) -> dict[int, dict[str, Any]]:
    with hall.reading() as uow:
        query = text("SELECT seq, body FROM public_log WHERE kind = :kind ORDER BY seq")
        rows = uow.connection.execute(query, {"kind": kind.value}).all()
    return {seq: json.loads(body) for seq, body in rows}


def mislead(hall: Hall, kind: Kind) -> None:
    """Let the index name the first entry of the log for every entry of this kind."""
    statement = "UPDATE log_index SET seq = 1 WHERE kind = :kind"
    write(hall, statement, kind=kind.value)


@pytest.mark.on_postgresql
def test_an_arrival_that_is_taken_back_names_that_arrival(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.arrive(guest)
    (came,) = entries(hall, Kind.ARRIVAL)
    mislead(hall, Kind.ARRIVAL)
    hall.act("reception", guest, Action.UNDO_ARRIVAL)
    (undone,) = entries(hall, Kind.ARRIVAL_UNDONE).values()
    assert undone["because"] == [came]


@pytest.mark.on_postgresql
def test_a_visitor_whom_nobody_received_is_owed_a_seat_by_her_arrival(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.arrive(guest)
    (came,) = entries(hall, Kind.ARRIVAL)
    mislead(hall, Kind.ARRIVAL)
    hall.ends()
    (owed,) = entries(hall, Kind.NOT_RECEIVED).values()
    (ended,) = (*entries(hall, Kind.MONDAY_ENDED), *entries(hall, Kind.MONDAY_NOT_HELD))
    assert owed["because"] in ([came, ended], [ended])


@pytest.mark.on_postgresql
def test_a_visitor_who_was_left_in_the_room_is_owed_a_seat_by_the_end_of_that_monday(
    hall: Hall,
) -> None:
    guest = hall.guests[0]
    hall.receive(guest)
    hall.ends()
    (ended,) = entries(hall, Kind.MONDAY_ENDED)
    (came,) = entries(hall, Kind.ARRIVAL)
    mislead(hall, Kind.MONDAY_ENDED)
    hall.clock.forward(days=1)
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        empty_room(uow, DISTRICT, hall.clock())
    (owed,) = entries(hall, Kind.NOT_RECEIVED).values()
    assert owed["because"] == [came, ended]


@pytest.mark.on_postgresql
def test_a_late_visitor_has_her_seat_back_by_the_entry_that_took_it(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.clock.forward(minutes=2)
    for _ in range(2):
        hall.act("reception", guest, Action.CALL)
        hall.clock.forward(minutes=5)
    hall.clock.forward(minutes=5)
    hall.act("reception", guest, Action.NO_SHOW)
    (missed,) = entries(hall, Kind.NO_SHOW)
    mislead(hall, Kind.NO_SHOW)
    hall.clock.forward(minutes=15)
    hall.act("reception", guest, Action.COME_LATE, identity=hall.card(guest))
    (late,) = entries(hall, Kind.CAME_LATE).values()
    assert late["because"] == [missed]


def test_a_monday_that_nobody_held_may_end_in_the_transaction_that_says_so(hall: Hall) -> None:
    hall.arrive(hall.guests[0])
    hall.ends(is_checked=True)
    (not_held,) = entries(hall, Kind.MONDAY_NOT_HELD)
    causes = [body["because"] for body in entries(hall, Kind.NOT_RECEIVED).values()]
    assert causes == [[not_held]] * len(hall.guests)


@pytest.mark.on_postgresql
def test_a_meeting_ends_whatever_the_index_invents_of_earlier_ones(hall: Hall) -> None:
    invented = "INSERT INTO log_index (seq, ticket, about, kind) VALUES (900001, '', :draw, :kind)"
    first, guest = hall.guests[:2]
    hall.met(first)
    draw = next(iter(entries(hall, Kind.MEETING_RECORDED).values()))["draw"]
    write(hall, invented, draw=draw, kind=Kind.MEETING_RECORDED.value)
    hall.receive(guest)
    hall.finish(guest, outcome="refused", note="این کار با طرح نمی‌خواند.")
    assert len(entries(hall, Kind.MEETING_RECORDED)) == 2
    write(hall, "DELETE FROM log_index WHERE seq = 900001")


@pytest.mark.on_postgresql
def test_who_is_sent_back_from_the_room_of_a_closed_day_is_owed_a_seat(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.receive(guest)
    command = CloseMonday(monday=MONDAY.isoformat(), district=str(DISTRICT), reason="heat")
    hall.execute("administrator", close_monday, command)
    (closed,) = entries(hall, Kind.MONDAY_CLOSED)
    mislead(hall, Kind.MONDAY_CLOSED)
    hall.act("mayor", guest, Action.SEND_BACK, note="پس از نماز")
    assert closed in next(reversed(entries(hall, Kind.NOT_RECEIVED).values()))["because"]
