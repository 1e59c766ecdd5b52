"""Records of meetings in the public log: by whom, from when to when, with which outcome."""

from datetime import timedelta

from support.audited import replay
from support.hall import Hall
from support.line import MONDAY

from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.public_record.log import Entry
from publicmeeting.turns.log import instant
from publicmeeting.usecases.meetings.on_paper.paper_entry import EnterMeeting, enter_meeting
from publicmeeting.usecases.meetings.room import FinishMeeting, finish_meeting

REFUSAL = "این کار با طرح تفصیلی نمی‌خواند."


def log_of(hall: Hall) -> list[Entry]:
    with hall.reading() as uow:
        entries = uow.log.after(0, 10_000)
    _, found = replay(entry.published for entry in entries)
    assert [one.code for one in found if not one.code.is_note] == []
    return entries


def records(hall: Hall) -> list[Entry]:
    return [entry for entry in log_of(hall) if entry.kind == "meeting_recorded"]


def goes_in(hall: Hall, at: int, clock: str) -> None:
    hall.clock.set(at_tehran(MONDAY, clock))
    hall.arrive(hall.guests[at])
    hall.act("mayor", hall.guests[at], Action.CALL_IN)


def test_begin_end_holder_and_outcome_stand_behind_her_met(hall: Hall) -> None:
    goes_in(hall, 0, "09:01")
    hall.clock.set(at_tehran(MONDAY, "09:12"))
    hall.order(hall.guests[0])
    hall.finish(hall.guests[0])
    (record,) = records(hall)
    met = next(entry for entry in log_of(hall) if entry.kind == "met")
    body = record.body
    assert (body["ticket"], body["because"]) == (met.body["ticket"], [met.seq])
    assert record.seq == met.seq + 1
    assert instant(str(body["began"])) == at_tehran(MONDAY, "09:01")
    assert instant(str(body["ended"])) == instant(met.at) == at_tehran(MONDAY, "09:12")
    assert (body["source"], body["outcome"]) == ("live", "orders")
    assert str(body["officer"]).startswith("mayor-06/")


def test_a_refusal_finished_without_a_network_is_the_tablet_s_word(hall: Hall) -> None:
    goes_in(hall, 0, "09:01")
    hall.clock.set(at_tehran(MONDAY, "09:20"))
    command = FinishMeeting(code=hall.guests[0].code, outcome="refused", note=REFUSAL, ago=8 * 60)
    hall.execute("mayor", finish_meeting, command)
    (record,) = records(hall)
    assert (record.body["source"], record.body["outcome"]) == ("tablet", "refused")
    assert instant(str(record.body["ended"])) == at_tehran(MONDAY, "09:12")


def test_hours_of_a_paper_are_marked_as_such(hall: Hall) -> None:
    hall.clock.set(at_tehran(MONDAY, "10:50"))
    hall.arrive(hall.guests[0])
    paper = EnterMeeting(code=hall.guests[0].code, begun="9:00", ended="9:20")
    hall.execute("mayor", enter_meeting, paper)
    hall.order(hall.guests[0])
    hall.finish(hall.guests[0])
    (record,) = records(hall)
    assert record.body["source"] == "paper"
    assert instant(str(record.body["ended"])) == at_tehran(MONDAY, "09:20")


def test_two_meetings_of_one_room_follow_each_other(hall: Hall) -> None:
    for at, clock in ((0, "09:01"), (1, "09:16")):
        goes_in(hall, at, clock)
        hall.clock.set(hall.clock.now + timedelta(minutes=10))
        hall.order(hall.guests[at])
        hall.finish(hall.guests[at])
    first, second = records(hall)
    assert str(first.body["ended"]) <= str(second.body["began"])
