"""The clock gives free seats of the day to present standbys in the drawn order."""

from datetime import timedelta

import pytest
from support.line import DISTRICT, MONDAY, Citizen, Line, resets
from support.together import together
from support.triggers import write

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.meetings.estimate import DayState, MyDay
from publicmeeting.domain.people import Level
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.notify.wording import notice_text
from publicmeeting.text.notices.citizen_notices_text import HALL_SEAT_MISSED
from publicmeeting.text.tracking import day_text, road_text
from publicmeeting.text.tracking.day_words import means_words
from publicmeeting.text.tracking.road_words import own_road_words
from publicmeeting.turns.formulas import draw_id
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.line.objections.undoing import take_seat_back
from publicmeeting.usecases.meetings.agenda import ADay, monday_list
from publicmeeting.usecases.meetings.coming.her_day import her_day
from publicmeeting.usecases.meetings.in_hall.hall import CheckIn, check_in, hall_code
from publicmeeting.usecases.meetings.in_hall.standby import (
    AtTheDoor,
    Standby,
    StandbyPerson,
    note_present,
    standbys,
)
from publicmeeting.usecases.tracking.my_page import my_page
from publicmeeting.usecases.tracking.timeline import timeline_page

DAY = timedelta(days=1)
SEATS = 8
Doors = tuple[Line, Citizen, list[Citizen]]


@pytest.fixture
def doors(line: Line) -> Doors:
    """Monday 8:45: every seat is confirmed; its first holder, and the standby in order."""
    by_ticket = {citizen.request.ticket: citizen for citizen in line.begun(_confirmed)}
    with line.reading() as uow:
        first = uow.requests.by_id(uow.seats.held(DISTRICT, MONDAY)["09:00"])
    return line, by_ticket[first.ticket], [by_ticket[t] for t in line.draw().file["standby"]]


def _confirmed(line: Line) -> list[Citizen]:
    drawn = line.drawn(SEATS + 3)
    for citizen in drawn:
        if citizen.stage == "invited":
            citizen.does(Action.CONFIRM)
    line.until(MONDAY, "08:45")
    return drawn


def is_there(line: Line, citizen: Citizen, identity: str | None = None) -> None:
    card = citizen.identity if identity is None else identity
    reception = line.city.as_("reception")
    line.city.application.execute_as(
        reception, note_present, Standby(code=citizen.code, identity=card)
    )


def shown(line: Line) -> tuple[StandbyPerson, ...]:
    reception = line.city.as_("reception")
    return line.city.application.query_as(reception, standbys, AtTheDoor(district=DISTRICT))


def holder_of(line: Line, time: str) -> Citizen:
    with line.reading() as uow:
        held = uow.requests.by_id(uow.seats.held(DISTRICT, MONDAY)[time])
    return Citizen(line, Actor(person_id=held.person_id, grants=(Grant(Role.CITIZEN),)), held.code)


def test_without_a_free_seat_nobody_is_seated(doors: Doors) -> None:
    line, _, standby = doors
    is_there(line, standby[0])
    line.until(MONDAY, "09:30")
    assert standby[0].stage == "waiting"
    assert line.entries("stood_in") == []


GAVE_UP = """
INSERT INTO seat (district, monday, time, request_id, why, state, answer_by, assigned_at, ended_at)
SELECT district, monday, time, :id, 'stand_in', 'released', answer_by, assigned_at, assigned_at
FROM seat WHERE request_id = :holder
"""


@pytest.mark.on_postgresql
def test_no_row_frees_a_seat_or_takes_somebody_from_the_hall(doors: Doors) -> None:
    """Whoever stands in, or is passed over, is so in the log permanently."""
    line, holder, (first, second, _) = doors
    is_there(line, first)
    is_there(line, second)
    seat, stage = (
        f"UPDATE {table} SET {column} = :value WHERE {key} = :id"
        for table, column, key in (("seat", "state", "request_id"), ("request", "stage", "id"))
    )
    write(line, seat, value="released", id=holder.request.id)
    line.clock.set(at_tehran(MONDAY, "08:51"))
    line.worker.run_due()
    assert line.entries("stood_in") == []
    write(line, seat, value="held", id=holder.request.id)
    holder.does(Action.GIVE_UP_SEAT)
    write(line, stage, value="withdrawn", id=first.request.id)
    line.clock.set(at_tehran(MONDAY, "08:55"))
    line.worker.run_due()
    assert line.entries("stood_in") == []
    write(line, stage, value="waiting", id=first.request.id)
    write(line, GAVE_UP, id=first.request.id, holder=holder.request.id)
    write(line, seat, value="used", id=holder.request.id)
    line.expected.add("is used by")
    line.until(MONDAY, "09:10")
    assert (first.stage, second.stage) == ("confirmed", "waiting")


def test_a_free_seat_goes_by_itself_to_the_first_who_is_there(doors: Doors) -> None:
    line, holder, (absent, present, later) = doors
    is_there(line, later)
    is_there(line, present)
    holder.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "08:49")
    assert present.stage == "waiting"
    line.until(MONDAY, "08:50")
    request = present.request
    assert request.stage.value == "confirmed"
    assert request.seat is not None
    assert (request.seat.time, request.seat.why) == ("09:00", "stand_in")
    freed = holder.newest("seat_given_up")
    assert line.entries("stood_in") == [
        {"ticket": request.ticket, "draw": line.draw().id, "time": "09:00", "because": [freed]}
    ]
    assert [(person.place, person.code) for person in shown(line)] == [
        (1, absent.code),
        (3, later.code),
    ], "each keeps the place that she was told"
    line.official("reception", present, Action.ARRIVE, identity=present.identity)
    assert present.stage == "arrived"
    assert later.stage == "waiting"


def test_whoever_gives_a_seat_of_the_hall_up_leaves_it_to_the_next(doors: Doors) -> None:
    """Otherwise it would come back to her each quarter of an hour, and nobody else had it."""
    line, holder, (first, second, _) = doors
    is_there(line, first)
    is_there(line, second)
    holder.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "08:55")
    assert first.stage == "confirmed"
    first.does(Action.GIVE_UP_SEAT)
    assert first.code not in [person.code for person in shown(line)]
    with pytest.raises(Denied, match="no_seat"):
        is_there(line, first)
    line.until(MONDAY, "09:00")
    assert (first.stage, second.stage) == ("waiting", "confirmed")


def test_whoever_takes_such_a_giving_up_back_has_the_seat_and_may_be_given_another(
    doors: Doors,
) -> None:
    line, holder, (first, *_) = doors
    is_there(line, first)
    holder.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "08:55")
    first.does(Action.GIVE_UP_SEAT)
    line.city.application.execute_as(first.actor, take_seat_back, OneCase(code=first.code))
    assert first.stage == "confirmed"
    line.until(MONDAY, "09:11")
    absent(line, first)
    is_there(line, first)
    line.until(MONDAY, "09:15")
    assert first.stage == "confirmed", "she is there after all, and nobody else is"


@pytest.mark.on_postgresql
def test_a_free_seat_of_the_day_is_met_in_the_hall_by_whoever_asked_to_be_rung(
    doors: Doors,
) -> None:
    """Otherwise a friend could read her the hall's code, and she would be met without a card."""
    line, holder, (at_home, there, _) = doors
    application = line.city.application
    with application.store.unit_of_work(line.clock.now) as uow:
        uow.people.prove(at_home.request.person_id, Level.VERIFIED, "desk:x")
    is_there(line, there)
    at_home.does(Action.ASK_CALL)
    with line.reading() as uow:
        digits = hall_code(uow, DISTRICT, line.clock.now)
    typed = CheckIn(code=at_home.code, hall=digits)
    assert application.execute_as(at_home.actor, check_in, typed) == ""
    holder.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "09:00")
    assert at_home.stage == "confirmed"
    day = application.query_as(at_home.actor, her_day, OneCase(code=at_home.code))
    assert (day.state, day.was_rung) == (DayState.GIVEN, False)
    for action in (Action.RING, Action.REACH):
        with pytest.raises(Denied, match="not_by_telephone"):
            line.official("reception", at_home, action)
    line.clock.forward(minutes=11)
    absent(line, at_home)
    line.until(MONDAY, "09:15")
    assert there.stage == "confirmed", "nobody was there: the next"


def test_whoever_was_given_a_seat_in_the_hall_is_not_told_that_she_is_late(doors: Doors) -> None:
    """A seat freed by an absence is given when its time is past."""
    line, holder, (present, *_) = doors
    is_there(line, present)
    line.until(MONDAY, "09:11")
    for _ in range(2):
        line.official("reception", holder, Action.CALL)
        line.clock.forward(minutes=1)
    line.official("reception", holder, Action.NO_SHOW)
    line.until(MONDAY, "09:20")
    assert (present.stage, present.request.seat.time) == ("confirmed", "09:00")
    application, command = line.city.application, OneCase(code=present.code)
    day = application.query_as(present.actor, her_day, command)
    assert day.state is DayState.GIVEN
    line.official("reception", present, Action.ARRIVE, identity=present.identity)
    assert application.query_as(present.actor, her_day, command).state is DayState.HERE


def test_who_comes_until_the_moment_is_before_who_came_early(doors: Doors) -> None:
    line, holder, (first, second, _) = doors
    holder.does(Action.GIVE_UP_SEAT)
    is_there(line, second)
    line.until(MONDAY, "08:49")
    is_there(line, first)
    line.until(MONDAY, "08:50")
    assert (first.stage, second.stage) == ("confirmed", "waiting")


def test_where_nobody_was_there_the_next_quarter_hour_decides(doors: Doors) -> None:
    line, holder, (first, second, third) = doors
    holder.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "08:52")
    is_there(line, third)
    line.until(MONDAY, "08:59")
    is_there(line, second)
    assert third.stage == "waiting"
    line.until(MONDAY, "09:00")
    assert [citizen.stage for citizen in (first, second, third)] == [
        "waiting",
        "confirmed",
        "waiting",
    ]


def absent(line: Line, citizen: Citizen) -> None:
    for _ in range(2):
        line.official("reception", citizen, Action.CALL)
    line.official("reception", citizen, Action.NO_SHOW)


def day_of(line: Line, citizen: Citizen) -> MyDay:
    day = line.city.application.query_as(citizen.actor, her_day, OneCase(code=citizen.code))
    assert day is not None
    return day


def steps_of(line: Line, citizen: Citizen) -> set[Action]:
    """Return the steps that reception's list offers for a visitor of the day."""
    board = line.city.application.query_as(line.city.as_("reception"), monday_list, ADay())
    return {step.action for one in board.visitors if one.code == citizen.code for step in one.steps}


def test_the_seat_of_a_no_show_is_given_on_and_its_late_holder_finds_it_taken(
    doors: Doors,
) -> None:
    line, holder, (first, *_) = doors
    is_there(line, first)
    line.until(MONDAY, "09:16")
    absent(line, holder)
    line.until(MONDAY, "09:29")
    assert first.stage == "waiting"
    assert day_of(line, holder).state is DayState.MISSED
    assert Action.COME_LATE in steps_of(line, holder)
    line.until(MONDAY, "09:30")
    assert first.request.seat is not None
    assert first.request.seat.time == "09:00"
    assert day_of(line, holder).state is DayState.MISSED_TAKEN, "she would come for nothing"
    assert Action.COME_LATE not in steps_of(line, holder), "a button that is always refused"
    assert line.entries("stood_in")[0]["because"] == [holder.newest("no_show")]
    with pytest.raises(Denied, match="seat_taken"):
        line.official("reception", holder, Action.COME_LATE, identity=holder.identity)


def reads(line: Line, citizen: Citizen) -> tuple[str, list[str], str]:
    """Return what her page says of her day, her road, and her newest message."""
    application, command = line.city.application, OneCase(code=citizen.code)
    day = application.query_as(citizen.actor, her_day, command)
    page = application.query_as(citizen.actor, timeline_page, command)
    newest = application.query_as(citizen.actor, my_page, Nothing()).notices[0]
    road = [step.meaning for step in own_road_words(page.marks, page.dates)]
    return means_words(day) if day else "", road, notice_text(newest.about).text


def test_who_was_seated_at_the_door_and_is_not_there_loses_nothing_but_the_seat(
    doors: Doors,
) -> None:
    line, holder, (first, second, _) = doors
    holder.does(Action.GIVE_UP_SEAT)
    for citizen in (first, second):
        is_there(line, citizen)
    line.until(MONDAY, "09:12")
    absent(line, first)
    assert (first.stage, first.waited, first.request.missed) == ("waiting", 1, 0)
    assert day_of(line, first).contest is None, "nothing to contest"
    head, road, notice = reads(line, first)
    assert head.endswith(day_text.NOTHING_LOST)
    assert day_text.WEEKS_BACK not in head
    assert road_text.OF_HALL[Action.NO_SHOW] in road
    assert notice == HALL_SEAT_MISSED[1]
    line.until(MONDAY, "09:15")
    assert second.request.seat is not None, "she has to be there again to be given another"
    assert second.request.seat.time == "09:00"
    is_there(line, first)
    assert len(line.entries("present")) == 3
    line.until(MONDAY, "09:27")
    absent(line, second)
    line.official("reception", second, Action.COME_LATE, identity=second.identity)
    line.official("reception", second, Action.CALL)
    line.official("mayor", second, Action.CALL_IN)
    assert road_text.OF_HALL[Action.COME_LATE] in reads(line, second)[1], "no weeks came back"
    assert resets(line) == [(holder.request.ticket, "seat_given_up")]


def test_giving_up_a_seat_got_at_the_door_costs_nothing(doors: Doors) -> None:
    line, holder, (first, *_) = doors
    holder.does(Action.GIVE_UP_SEAT)
    is_there(line, first)
    line.until(MONDAY, "08:51")
    first.does(Action.GIVE_UP_SEAT)
    with line.reading() as uow:
        assert uow.requests.counts(first.request) == (0, 0)
    assert (first.stage, first.waited) == ("waiting", 1)


def test_a_withdrawal_frees_the_seat_by_its_own_entry(doors: Doors) -> None:
    line, holder, (first, *_) = doors
    is_there(line, first)
    ticket = holder.request.ticket
    holder.does(Action.WITHDRAW)
    line.until(MONDAY, "08:50")
    assert line.entries("stood_in")[0]["because"] == [holder.newest("taken_out")]
    assert ticket not in {entry["ticket"] for entry in line.entries("seat_given_up")}


def test_the_card_must_be_hers(doors: Doors) -> None:
    line, holder, (first, *_) = doors
    with pytest.raises(Invalid, match="identity_mismatch"):
        is_there(line, first, identity=holder.identity)
    assert line.entries("present") == []


def test_only_who_is_in_todays_line_is_noted(doors: Doors) -> None:
    line, _, _ = doors
    (newcomer,) = line.file(1)
    with pytest.raises(Denied, match="no_seat"):
        is_there(line, newcomer)


def test_noted_twice_is_noted_once(doors: Doors) -> None:
    line, _, (first, *_) = doors
    is_there(line, first)
    is_there(line, first)
    (noted,) = line.entries("present")
    assert noted == {"ticket": first.request.ticket, "draw": line.draw().id, "by": "reception"}


@pytest.mark.on_postgresql
def test_two_receptionists_at_one_instant_note_her_once(doors: Doors) -> None:
    line, _, (first, *_) = doors
    together(lambda: is_there(line, first), lambda: is_there(line, first))
    assert len(line.entries("present")) == 1


@pytest.mark.on_postgresql
def test_a_seat_withdrawn_while_it_is_given_goes_to_one(doors: Doors) -> None:
    line, holder, (first, second, _) = doors
    holder.does(Action.GIVE_UP_SEAT)
    for citizen in (first, second):
        is_there(line, citizen)
    together(lambda: line.until(MONDAY, "08:50"), lambda: first.does(Action.WITHDRAW))
    line.until(MONDAY, "09:30")
    seated = [entry["ticket"] for entry in line.entries("stood_in")]
    assert seated in ([first.request.ticket, second.request.ticket], [second.request.ticket])


def test_a_used_seat_is_not_given_twice_and_no_seat_after_the_hours(doors: Doors) -> None:
    line, holder, (first, *_) = doors
    line.meet(holder)
    is_there(line, first)
    line.until(MONDAY, "10:50")
    holder_of(line, "10:45").does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "11:30")
    assert first.stage == "waiting"


def test_who_was_seated_and_not_called_is_given_no_other_seat_of_a_day_that_has_ended(
    doors: Doors,
) -> None:
    """A second seat is free, and she is still noted as present."""
    line, holder, (first, second, *_) = doors
    is_there(line, first)
    for time in ("09:30", "09:45"):
        holder_of(line, time).does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "09:50")
    assert first.stage == "confirmed"
    line.meet(holder)
    line.until(MONDAY, "12:30")
    assert first.stage == "waiting"
    assert len(line.entries("stood_in")) == 1
    with pytest.raises(Denied, match="hours_over"):
        is_there(line, second)


def test_another_day_and_another_districts_reception_have_no_line(doors: Doors) -> None:
    line, _, (first, *_) = doors
    assert len(shown(line)) == 3
    line.until(MONDAY + DAY, "09:00")
    assert shown(line) == ()
    with pytest.raises(Denied, match="not_that_day"):
        is_there(line, first)
    with pytest.raises(Denied, match="not_found"):
        line.city.application.query_as(line.city.as_("mayor"), standbys, AtTheDoor(district=4))


def test_who_is_noted_with_her_whole_number_is_verified(doors: Doors) -> None:
    line, _, (first, second, *_) = doors
    is_there(line, first)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.people.prove(second.request.person_id, Level.MATCHED, "matching")
    is_there(line, second, identity=second.identity[-4:])
    with line.reading() as uow:
        levels = [uow.people.get(citizen.request.person_id).level for citizen in (first, second)]
    assert levels == [Level.VERIFIED, Level.MATCHED]
    assert first.newest("verified") > first.newest("present")


def test_another_id_in_the_row_of_a_draw_hides_no_standby_from_reception(line: Line) -> None:
    """Its district and its Monday say which draw of the log it is."""
    line.drawn(14)
    line.until(MONDAY, "09:00")
    before = shown(line)
    assert before
    own, change = draw_id(DISTRICT, MONDAY), "UPDATE draw SET id = :new WHERE id = :old"
    write(line, change, old=own, new="another")
    assert shown(line) == before
    write(line, change, old="another", new=own)
