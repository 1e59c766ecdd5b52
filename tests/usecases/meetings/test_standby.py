"""Released seats of the day: to standbys who are there, in the drawn order."""

from datetime import timedelta

import pytest
from support.line import DISTRICT, MONDAY, Citizen, Line

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.stages import Action
from publicmeeting.usecases.meetings.standby import (
    AtTheDoor,
    Standby,
    StandbyPerson,
    note_present,
    stand_in,
    standbys,
)

DAY = timedelta(days=1)
SEATS = 8


@pytest.fixture
def doors(line: Line) -> tuple[Line, Citizen, list[Citizen]]:
    """Monday 8:45: every seat is confirmed; its first holder, and the standby in drawn order."""
    by_ticket = {one.request.ticket: one for one in line.drawn(SEATS + 3)}
    for one in by_ticket.values():
        if one.stage == "invited":
            one.does(Action.CONFIRM)
    line.until(MONDAY, "08:45")
    with line.reading() as uow:
        first = uow.requests.by_id(uow.seats.held(DISTRICT, MONDAY)["09:00"])
    return line, by_ticket[first.ticket], [by_ticket[t] for t in line.draw().file["standby"]]


def at_the_door(line: Line, citizen: Citizen, do=stand_in, identity: str | None = None):
    card = citizen.identity if identity is None else identity
    reception = line.city.as_("reception")
    return line.city.application.execute_as(
        reception, do, Standby(code=citizen.code, identity=card)
    )


def shown(line: Line) -> tuple[StandbyPerson, ...]:
    reception = line.city.as_("reception")
    return line.city.application.query_as(reception, standbys, AtTheDoor(district=DISTRICT))


def test_without_a_released_seat_nobody_stands_in(doors) -> None:
    line, _, standby = doors
    with pytest.raises(Denied, match="seats_gone"):
        at_the_door(line, standby[0])


def test_a_released_seat_goes_to_the_first_who_is_present(doors) -> None:
    line, holder, (absent, present, later) = doors
    at_the_door(line, later, note_present)
    at_the_door(line, present, note_present)
    holder.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "08:50")
    with pytest.raises(Denied, match="not_next"):
        at_the_door(line, later)
    request = at_the_door(line, present, identity="")
    assert request.stage.value == "arrived"
    assert (request.seat.time, request.seat.why) == ("09:00", "stand_in")
    assert line.entries("arrival")[0]["standby"] == 1
    assert [(one.place, one.code) for one in shown(line)] == [(1, absent.code), (3, later.code)], (
        "each keeps the place that she was told"
    )
    with pytest.raises(Denied, match="seats_gone"):
        at_the_door(line, later)


def test_nobody_is_seated_before_her_betters_had_time_to_come(doors) -> None:
    line, holder, (first, second, _) = doors
    holder.does(Action.GIVE_UP_SEAT)
    at_the_door(line, second, note_present)
    with pytest.raises(Denied, match="seat_not_yet"):
        at_the_door(line, second)
    assert not any(one.may_sit for one in shown(line))
    line.until(MONDAY, "08:49")
    at_the_door(line, first, note_present)
    line.until(MONDAY, "08:50")
    assert [one.may_sit for one in shown(line)] == [True, False, False]
    with pytest.raises(Denied, match="not_next"):
        at_the_door(line, second)
    assert at_the_door(line, first).seat.time == "09:00"


def test_who_comes_after_the_moment_is_behind_who_was_here(doors) -> None:
    line, holder, (first, second, _) = doors
    holder.does(Action.GIVE_UP_SEAT)
    at_the_door(line, second, note_present)
    line.until(MONDAY, "08:52")
    with pytest.raises(Denied, match="not_next"):
        at_the_door(line, first)
    assert at_the_door(line, second).seat.time == "09:00"


def test_the_seat_of_a_no_show_is_given_on_and_its_late_holder_finds_it_taken(doors) -> None:
    line, holder, (first, *_) = doors
    line.until(MONDAY, "09:15")
    for _ in range(2):
        line.official("reception", holder, Action.CALL)
    line.official("reception", holder, Action.NO_SHOW)
    assert at_the_door(line, first).seat.time == "09:00"
    with pytest.raises(Denied, match="seat_taken"):
        line.official("reception", holder, Action.COME_LATE, identity=holder.identity)


def test_the_card_must_be_hers(doors) -> None:
    line, holder, (first, *_) = doors
    holder.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "08:50")
    with pytest.raises(Invalid, match="identity_mismatch"):
        at_the_door(line, first, identity=holder.identity)
    assert first.stage == "waiting"


def test_only_who_is_in_todays_line_stands_in(doors) -> None:
    line, holder, _ = doors
    (newcomer,) = line.file(1)
    holder.does(Action.GIVE_UP_SEAT)
    with pytest.raises(Denied, match="no_seat"):
        at_the_door(line, newcomer)


def test_a_used_seat_is_not_given_twice_and_no_seat_after_the_hours(doors) -> None:
    line, holder, (first, *_) = doors
    line.meet(holder)
    with pytest.raises(Denied, match="seats_gone"):
        at_the_door(line, first)
    with line.reading() as uow:
        other = uow.requests.by_id(uow.seats.held(DISTRICT, MONDAY)["09:15"])
    line.until(MONDAY, "11:00")
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.seats.end(other.id, "released", line.clock())
    with pytest.raises(Denied, match="seats_gone"):
        at_the_door(line, first)


def test_another_day_and_another_districts_reception_have_no_line(doors) -> None:
    line, _, (first, *_) = doors
    assert len(shown(line)) == 3
    line.until(MONDAY + DAY, "09:00")
    assert shown(line) == ()
    with pytest.raises(Denied, match="not_that_day"):
        at_the_door(line, first)
    with pytest.raises(Denied, match="not_found"):
        line.city.application.query_as(line.city.as_("mayor"), standbys, AtTheDoor(district=4))
