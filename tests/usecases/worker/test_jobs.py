"""Jobs of the clock besides the draw: silence that counts, days that end, reminders."""

import logging
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, update
from support.contests import decide
from support.line import DISTRICT, MONDAY, Citizen, Line, resets
from support.together import together

from publicmeeting.domain.calendar import deadline_days
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.database.rows.cases import RequestRow
from publicmeeting.usecases.meetings.coming.reminders import next_reminder
from publicmeeting.usecases.meetings.room import FinishMeeting, finish_meeting

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
WEDNESDAY, SUNDAY = MONDAY - 5 * DAY, MONDAY - DAY
SEATS = 8


def confirmed(line: Line, many: int) -> list[Citizen]:
    """Return this many citizens, drawn and confirmed, in the order of their seats."""
    citizens = line.drawn(many)
    for citizen in citizens:
        citizen.does(Action.CONFIRM)
    return sorted(citizens, key=lambda one: one.request.seat.time)


@pytest.mark.on_postgresql
def test_ten_silent_days_end_a_stage_and_an_answer_stops_them(line: Line) -> None:
    asked, answered, gives = line.file(3, accepted=False)
    for citizen, action in (
        (asked, Action.ASK_INFO),
        (answered, Action.ANSWER),
        (gives, Action.ASK_INFO),
    ):
        line.official("desk", citizen, action, note="نشانی دقیق کجاست؟")
    gives.does(Action.GIVE_INFO, note="روبه‌روی نانوایی، پلاک ۱۴")
    ends = deadline_days(line.clock(), 10)
    line.until(MONDAY + DAY)
    assert line.clock() < ends
    assert (asked.stage, answered.stage) == ("needs_info", "answered")
    line.until(MONDAY + 2 * DAY)
    assert gives.request.last(Action.LAPSE_INFO) is None
    for citizen, lapse, stage in (
        (asked, Action.LAPSE_INFO, "withdrawn"),
        (answered, Action.SETTLE_ANSWER, "closed"),
    ):
        event = citizen.request.last(lapse)
        assert event is not None
        assert (citizen.stage, event.at) == (stage, ends)
    out = {entry["ticket"] for entry in line.entries("taken_out")}
    assert out >= {asked.request.ticket, answered.request.ticket}


def test_an_hour_after_its_last_seat_began_a_monday_without_a_call_was_not_held(line: Line) -> None:
    came, stayed_home = confirmed(line, 2)
    line.until(MONDAY, "09:00")
    line.official("reception", came, Action.ARRIVE, identity=came.identity)
    line.until(MONDAY, "11:44")  # the last seat begins at 10:45
    assert (came.stage, stayed_home.stage) == ("arrived", "confirmed")
    line.until(MONDAY, "11:45")
    for citizen in (came, stayed_home):
        request = citizen.request
        assert (request.stage.value, request.debt, request.seat) == ("waiting", 1, None)
    (held,) = [e for e in line.log() if e.kind == "monday_not_held"]
    assert held.body == {"draw": line.draw().id}
    assert datetime.fromisoformat(held.at) == at_tehran(MONDAY, "11:45")
    assert [entry["because"] for entry in line.entries("not_received")] == [[held.seq]] * 2
    with line.reading() as uow:
        assert uow.city.monday(DISTRICT, MONDAY).state == "not_held"


@pytest.mark.on_postgresql
def test_a_monday_is_held_or_silent_whoever_is_first_in_that_minute(line: Line) -> None:
    came, *_ = confirmed(line, 2)
    line.until(MONDAY, "10:00")
    line.official("reception", came, Action.ARRIVE, identity=came.identity)
    line.until(MONDAY, "11:44")
    together(
        lambda: line.until(MONDAY, "11:45"),
        lambda: line.official("reception", came, Action.CALL_IN),
    )
    kinds = {e.kind.value for e in line.log() if e.body.get("draw") == line.draw().id}
    assert len(kinds & {"monday_held", "monday_not_held"}) == 1


@pytest.mark.on_postgresql
def test_when_the_hours_are_over_whoever_came_is_owed_a_seat_and_who_stayed_away_nothing(
    line: Line,
) -> None:
    met, came, stayed_away = confirmed(line, 3)
    line.until(MONDAY, "09:00")
    line.meet(met)
    line.official("reception", came, Action.ARRIVE, identity=came.identity)
    line.until(MONDAY, "11:59")
    assert (came.stage, stayed_away.stage) == ("arrived", "confirmed")
    line.until(MONDAY, "12:00")  # the last seat ends at 11:00
    assert met.stage == "closed"
    assert (came.stage, came.request.debt, came.waited) == ("waiting", 1, 0)
    assert came.request.last(Action.DAY_OVER) is not None
    request = stayed_away.request
    assert (request.stage.value, request.debt, request.waited, request.missed) == (
        "waiting",
        0,
        0,
        0,
    )
    assert request.last(Action.NOT_CALLED) is not None
    (ended,) = (e for e in line.log() if e.kind == "monday_ended" and "d06" in e.body["draw"])
    arrival = next(
        e for e in line.log() if e.kind == "arrival" and e.body["ticket"] == came.request.ticket
    )
    assert ended.body == {"draw": line.draw().id}
    assert line.entries("not_received")[0]["because"] == [arrival.seq, ended.seq]
    assert line.entries("not_called")[0]["because"] == [ended.seq]
    assert "monday_not_held" not in {e.kind for e in line.log() if "d06" in str(e.body)}


def test_only_reception_writes_a_no_show(line: Line) -> None:
    """Not writing one helps no friend: she keeps her weeks, and is owed nothing."""
    met, unmarked = confirmed(line, 2)
    line.until(MONDAY, "09:00")
    line.meet(met)
    line.until(MONDAY, "10:30")
    for _ in range(2):
        line.official("reception", unmarked, Action.CALL)
    line.until(MONDAY, "12:00")
    assert (unmarked.stage, unmarked.request.debt) == ("waiting", 0)
    assert resets(line) == line.entries("no_show") == []


def test_who_came_late_and_was_not_called_again_is_owed_a_seat(line: Line) -> None:
    """Reception has seen her, but the day ended before she was called."""
    met, late = confirmed(line, 2)
    line.until(MONDAY, "09:00")
    line.meet(met)
    line.until(MONDAY, "09:30")
    for _ in range(2):
        line.official("reception", late, Action.CALL)
    line.official("reception", late, Action.NO_SHOW)
    line.official("reception", late, Action.COME_LATE, identity=late.identity)
    with pytest.raises(Denied, match="seen_since"):
        line.official("reception", late, Action.NO_SHOW)
    line.until(MONDAY, "20:00")
    assert (late.stage, late.request.debt) == ("waiting", 1)
    assert len(line.entries("no_show")) == 1


def test_whoever_comes_when_the_hours_are_over_is_not_received(line: Line) -> None:
    """Otherwise coming in the evening after a no-show would earn an owed seat."""
    met, absent, late = confirmed(line, 3)
    line.until(MONDAY, "09:00")
    line.meet(met)
    line.until(MONDAY, "10:30")
    for _ in range(2):
        line.official("reception", absent, Action.CALL)
    line.official("reception", absent, Action.NO_SHOW)
    line.until(MONDAY, "11:00")  # the end of the last seat
    for citizen, action in ((absent, Action.COME_LATE), (late, Action.ARRIVE)):
        with pytest.raises(Denied, match="hours_over"):
            line.official("reception", citizen, action, identity=citizen.identity)
    line.until(MONDAY, "20:00")
    assert (absent.stage, absent.request.debt) == ("waiting", 0)
    assert resets(line) == [(absent.request.ticket, "no_show")]


def test_a_no_show_taken_back_restores_the_weeks(line: Line) -> None:
    citizens = line.drawn(SEATS + 1)
    (loser,) = [citizen for citizen in citizens if citizen.stage == "waiting"]
    line.until(WEDNESDAY + WEEK, "20:00")
    loser.does(Action.CONFIRM)
    line.until(MONDAY + WEEK, "11:30")
    for _ in range(2):
        line.official("reception", loser, Action.CALL)
    line.official("reception", loser, Action.NO_SHOW)
    assert loser.waited == 0
    loser.does(Action.CONTEST_NO_SHOW, note="در سالن بودم و کسی نام مرا نخواند.")
    decide(line, loser)
    assert (loser.waited, loser.request.debt, loser.request.missed) == (1, 0, 0)
    assert [entry["waited"] for entry in line.entries("weeks_back")] == [1]


def test_a_no_show_that_stands_changes_nothing(line: Line) -> None:
    (absent,) = confirmed(line, 1)
    line.until(MONDAY, "09:30")
    for _ in range(2):
        line.official("reception", absent, Action.CALL)
    line.official("reception", absent, Action.NO_SHOW)
    absent.does(Action.CONTEST_NO_SHOW, note="در سالن بودم و کسی نام مرا نخواند.")
    decide(line, absent, ("no", "yes"))
    assert (absent.waited, absent.request.debt) == (0, 0)


def test_everybody_with_a_confirmed_seat_is_reminded_once_on_the_evening_before(
    line: Line,
) -> None:
    comes, gives_up = confirmed(line, 2)
    gives_up.does(Action.GIVE_UP_SEAT)
    line.until(SUNDAY, "19:59")
    assert _reminded(line, comes) == 0
    line.until(SUNDAY, "20:00")
    line.until(MONDAY, "08:00")
    assert (_reminded(line, comes), _reminded(line, gives_up)) == (1, 0)


def _reminded(line: Line, citizen: Citizen) -> int:
    with line.reading() as uow:
        notices = uow.outbox.of_request(citizen.request.id, "citizen")
    return sum(notice.action == "reminder" for notice in notices)


def test_a_case_that_cannot_be_opened_any_more_leaves_the_others_their_reminder(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    broken, *others = confirmed(line, 3)
    line.until(SUNDAY, "08:00")
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        broke = update(RequestRow).where(col(RequestRow.id) == broken.request.id)
        uow.session.connection().execute(broke.values(title=b"\0"))
    line.clock.set(at_tehran(SUNDAY, "20:00"))
    with caplog.at_level(logging.CRITICAL):
        line.worker.run_due()
    assert [_reminded(line, citizen) for citizen in others] == [1, 1]
    with line.reading() as uow:
        assert next_reminder(uow, line.clock()) is None


def test_who_is_in_the_room_when_the_day_ends_is_met_to_the_end(line: Line) -> None:
    inside, outside = confirmed(line, 2)
    line.until(MONDAY, "09:00")
    line.official("reception", inside, Action.ARRIVE, identity=inside.identity)
    line.official("reception", inside, Action.CALL_IN)
    line.until(MONDAY, "12:01")
    assert (inside.stage, outside.stage) == ("in_room", "waiting")
    line.city.application.execute_as(
        line.city.as_("mayor"),
        finish_meeting,
        FinishMeeting(code=inside.code, outcome="refused", note="این کار با طرح نمی‌خواند."),
    )
    assert inside.stage == "closed"
    (ended,) = line.seqs("monday_ended", line.draw().id)
    assert line.seqs("met") > [ended]
