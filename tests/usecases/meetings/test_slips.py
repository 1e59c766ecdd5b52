"""Within ten seconds reception can undo an arrival or a no-show pressed by mistake."""

from datetime import timedelta
from functools import partial

import pytest
from support.line import MONDAY, Citizen, Line, recomputed_weeks
from support.together import together

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.in_hall.standby import Standby, note_present

SEATS = 8
UNDO_ARRIVAL, UNDO_NO_SHOW = Action.UNDO_ARRIVAL, Action.UNDO_NO_SHOW


def walked_to_the_door(line: Line) -> list[Citizen]:
    """Monday 9:16: the first seat's holder, who waited a week, then all standbys."""
    by_ticket = {one.request.ticket: one for one in line.drawn(SEATS + 2)}
    for citizen in by_ticket.values():
        if citizen.stage == "invited":
            citizen.does(Action.CONFIRM)
    line.until(MONDAY, "08:45")
    first = line.held()["09:00"]
    holder = next(one for one in by_ticket.values() if one.code == first)
    line.until(MONDAY, "09:16")
    return [holder, *(by_ticket[ticket] for ticket in line.draw().file["standby"])]


@pytest.fixture
def door(line: Line) -> tuple[Line, Citizen, list[Citizen]]:
    holder, *standby = line.begun(walked_to_the_door)
    return line, holder, standby


def presses(line: Line, citizen: Citizen, action: Action, username: str = "reception") -> Request:
    card = citizen.identity if action in (Action.ARRIVE, Action.COME_LATE) else ""
    return line.official(username, citizen, action, identity=card)


def misses(line: Line, citizen: Citizen) -> None:
    for _ in range(2):
        presses(line, citizen, Action.CALL)
    presses(line, citizen, Action.NO_SHOW)


def comes_late(line: Line, citizen: Citizen) -> None:
    misses(line, citizen)
    after(line, 60)
    presses(line, citizen, Action.COME_LATE)


def after(line: Line, seconds: int) -> None:
    line.clock.set(line.clock.now + timedelta(seconds=seconds))


def newest(line: Line, kind: str) -> int:
    return line.seqs(kind)[-1]


def sent_to(line: Line, citizen: Citizen, action: Action) -> list[str]:
    """Return the delivery states of her notices of a step."""
    with line.reading() as uow:
        notices = uow.outbox.of_request(citizen.request.id, "citizen")
    return [notice.state for notice in notices if notice.action == action]


def test_an_arrival_of_the_wrong_name_is_taken_back_and_stays_in_the_log(door):
    line, holder, _ = door
    presses(line, holder, Action.ARRIVE)
    before = holder.request.due_at
    after(line, 10)
    presses(line, holder, UNDO_ARRIVAL)
    assert (holder.stage, holder.request.due_at) == ("confirmed", before)
    (undone,) = line.entries("arrival_undone")
    assert undone["because"] == line.seqs("arrival")
    assert (undone["ticket"], undone["time"]) == (holder.request.ticket, "09:00")
    assert undone["officer"] == line.entries("arrival")[0]["officer"]
    presses(line, holder, Action.ARRIVE)
    assert holder.stage == "arrived"


def test_a_no_show_of_the_wrong_name_takes_nothing(door):
    line, holder, standby = door
    misses(line, holder)
    assert holder.request.missed == 1
    after(line, 10)
    presses(line, holder, UNDO_NO_SHOW)
    request = holder.request
    assert (holder.stage, request.missed) == ("confirmed", 0)
    assert request.seat is not None
    assert request.seat.time == "09:00"
    assert line.entries("no_show_undone")[0]["because"] == line.seqs("no_show")
    line.until(MONDAY, "09:45")
    assert standby[0].stage == "waiting", "the seat was never free"
    presses(line, holder, Action.ARRIVE)


def test_weeks_counts_and_a_debt_come_back_with_it(line):
    """Her Monday was closed, so she is owed a seat; she gave one up since."""
    holder, *_ = line.drawn(SEATS)
    holder.does(Action.CONFIRM)
    line.close()
    week = timedelta(days=7)
    line.until(MONDAY + week - timedelta(days=5), "20:01")
    assert holder.stage == "invited"
    holder.does(Action.CONFIRM)
    line.until(MONDAY + week, "11:20")
    before = holder.request
    assert before.debt == 1
    misses(line, holder)
    assert (holder.request.debt, holder.waited) == (0, 0)
    presses(line, holder, UNDO_NO_SHOW)
    request = holder.request
    assert (request.debt, request.waited, request.missed) == (1, before.waited, 0)
    assert recomputed_weeks(line)[request.ticket] == before.waited


def test_she_is_told_nothing_by_telephone_of_what_was_taken_back_at_once(door):
    line, holder, _ = door
    misses(line, holder)
    line.worker.send()
    assert sent_to(line, holder, Action.NO_SHOW) == ["waiting"], "it may still be taken back"
    after(line, 5)
    presses(line, holder, UNDO_NO_SHOW)
    after(line, 60)
    line.worker.send()
    assert sent_to(line, holder, Action.NO_SHOW) == ["shown"]
    assert sent_to(line, holder, UNDO_NO_SHOW) == ["shown"], "on her page she reads both"


def test_a_no_show_that_stands_is_told_after_the_ten_seconds(door):
    line, holder, _ = door
    misses(line, holder)
    after(line, 15)
    line.worker.send()
    line.worker.send()
    assert sent_to(line, holder, Action.NO_SHOW) == ["sent"]


@pytest.mark.parametrize(
    ("does", "undo"),
    [
        (lambda line, one: presses(line, one, Action.ARRIVE), UNDO_ARRIVAL),
        (misses, UNDO_NO_SHOW),
        (comes_late, Action.UNDO_LATE),
    ],
    ids=["arrival", "no-show", "late arrival"],
)
def test_what_is_refused(door, does, undo):
    line, holder, _ = door
    does(line, holder)
    with pytest.raises(Denied, match="not_your_role"):
        presses(line, holder, undo, "mayor")
    after(line, 11)
    with pytest.raises(Denied, match="slip_late"):
        presses(line, holder, undo)
    assert line.entries("arrival_undone") == line.entries("no_show_undone") == []


def test_another_districts_reception_and_she_herself_take_nothing_back(door):
    line, holder, _ = door
    presses(line, holder, Action.ARRIVE)
    with pytest.raises(Denied, match="not_your_role"):
        holder.does(UNDO_ARRIVAL)
    stranger = Actor(
        account_id=line.city.as_("reception").account_id, grants=(Grant(Role.RECEPTION, 4),)
    )
    command = TakeStep(code=holder.code, action=UNDO_ARRIVAL)
    with pytest.raises(Denied, match="not_found"):
        line.city.application.execute_as(stranger, take_step, command)


def test_twice_is_once(door):
    line, holder, _ = door
    presses(line, holder, Action.ARRIVE)
    presses(line, holder, UNDO_ARRIVAL)
    with pytest.raises(Denied, match="stage_moved") as again:
        presses(line, holder, UNDO_ARRIVAL)
    assert again.value.facts["already"] == UNDO_ARRIVAL
    assert len(line.entries("arrival_undone")) == 1


def test_nothing_is_taken_back_once_something_has_followed(door):
    line, holder, _ = door
    presses(line, holder, Action.ARRIVE)
    presses(line, holder, Action.CALL)
    with pytest.raises(Denied, match="slip_moved"):
        presses(line, holder, UNDO_ARRIVAL)


def test_a_seat_that_went_on_within_the_ten_seconds_is_gone(door):
    line, holder, standby = door
    present = standby[0]
    presses_present(line, present)
    line.until(MONDAY, "09:29")
    after(line, 55)
    misses(line, holder)
    line.until(MONDAY, "09:30")
    assert present.stage == "confirmed"
    with pytest.raises(Denied, match="seat_taken"):
        presses(line, holder, UNDO_NO_SHOW)
    assert (holder.stage, holder.request.missed) == ("waiting", 1)


def presses_present(line: Line, citizen: Citizen) -> None:
    line.city.application.execute_as(
        line.city.as_("reception"),
        note_present,
        Standby(code=citizen.code, identity=citizen.identity),
    )


def test_a_late_arrival_of_the_wrong_name_is_the_no_show_that_it_was(door):
    line, holder, _ = door
    weeks = holder.request.waited
    misses(line, holder)
    lost = holder.request
    after(line, 60)
    presses(line, holder, Action.COME_LATE)
    assert (holder.request.waited, holder.request.missed) == (weeks, 0)
    after(line, 10)
    presses(line, holder, Action.UNDO_LATE)
    request = holder.request
    assert (request.stage, request.seat) == ("waiting", None)
    assert (request.waited, request.missed, request.debt) == (lost.waited, 1, lost.debt)
    assert recomputed_weeks(line)[request.ticket] == request.waited
    late, anew = line.seqs("came_late")[-1], newest(line, "no_show")
    assert anew > late, "the log keeps both, and writes the absence anew"
    assert sent_to(line, holder, Action.COME_LATE) == []
    presses(line, holder, Action.COME_LATE)
    assert (holder.stage, holder.request.waited, holder.request.missed) == ("arrived", weeks, 0)


def test_the_seat_goes_on_and_she_may_contest_as_if_nobody_had_pressed(door):
    line, holder, standby = door
    presses_present(line, standby[0])
    comes_late(line, holder)
    presses(line, holder, Action.UNDO_LATE)
    line.until(MONDAY, "09:30")
    assert standby[0].stage == "confirmed"
    holder.does(Action.CONTEST_NO_SHOW, note="آنجا بودم.")
    assert line.entries("contested")[0]["because"] == [newest(line, "no_show")]


def test_a_late_arrival_stands_while_its_no_show_is_contested(door):
    line, holder, _ = door
    misses(line, holder)
    holder.does(Action.CONTEST_NO_SHOW, note="آنجا بودم.")
    presses(line, holder, Action.COME_LATE)
    with pytest.raises(Denied, match="slip_moved"):
        presses(line, holder, Action.UNDO_LATE)


def test_a_late_arrival_is_not_taken_back_as_an_arrival(door):
    line, holder, _ = door
    comes_late(line, holder)
    with pytest.raises(Denied, match="slip_moved"):
        presses(line, holder, UNDO_ARRIVAL)


def test_a_contest_needs_a_no_show_that_stands(door):
    line, holder, _ = door
    misses(line, holder)
    presses(line, holder, UNDO_NO_SHOW)
    with pytest.raises(Denied, match="nothing_missed"):
        holder.does(Action.CONTEST_NO_SHOW, note="آنجا بودم.")


def test_a_standby_at_the_door_gets_her_seat_and_her_presence_back(door):
    line, holder, standby = door
    holder.does(Action.GIVE_UP_SEAT)
    first = standby[0]
    presses_present(line, first)
    line.until(MONDAY, "09:30")
    assert first.stage == "confirmed"
    line.until(MONDAY, "09:41")
    misses(line, first)
    presses(line, first, UNDO_NO_SHOW)
    assert (first.stage, first.request.missed) == ("confirmed", 0)
    misses(line, first)
    assert len(line.seqs("present")) == 1


@pytest.mark.on_postgresql
def test_two_officers_who_take_it_back_at_one_instant_write_one_entry(door):
    line, holder, _ = door
    misses(line, holder)
    undo = partial(presses, line, holder, UNDO_NO_SHOW)
    done, refused = together(undo, undo)
    assert (len(done), len(refused)) == (1, 1)
    assert len(line.entries("no_show_undone")) == 1


@pytest.mark.on_postgresql
def test_taken_back_while_the_seat_is_given_on_it_is_one_of_both(door):
    line, holder, standby = door
    presses_present(line, standby[0])
    line.until(MONDAY, "09:29")
    after(line, 55)
    misses(line, holder)
    together(
        lambda: line.until(MONDAY, "09:30"),
        lambda: presses(line, holder, UNDO_NO_SHOW),
    )
    assert {holder.stage, standby[0].stage} == {"confirmed", "waiting"}
