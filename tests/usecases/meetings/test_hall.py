"""The hall's code proves presence; guesses, old codes and those of other halls are refused."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from support.line import DISTRICT, MONDAY, Citizen, Line
from support.together import together

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.people import Level
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action
from publicmeeting.kit.digits import persian
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.line.objections.undoing import deny_giving_up, undo_leaving
from publicmeeting.usecases.meetings.in_hall.displays import (
    HallKey,
    OneHall,
    hall_news,
    make_display,
)
from publicmeeting.usecases.meetings.in_hall.hall import (
    CheckIn,
    HallScreen,
    check_in,
    hall_code,
    my_door,
)
from publicmeeting.usecases.tracking.turn import my_turn

SEATS, QUARTER = 8, timedelta(minutes=15)
Hall = tuple[Line, Citizen, Citizen]


def _before_the_first(line: Line) -> list[Citizen]:
    citizens = line.drawn(SEATS + 2)
    for citizen in citizens:
        if citizen.stage == "invited":
            citizen.does(Action.CONFIRM)
    line.until(MONDAY, "08:45")
    return citizens


@pytest.fixture
def hall(line: Line) -> Hall:
    """Monday 8:45: the first seat's confirmed holder, and the first standby."""
    by_ticket = {citizen.request.ticket: citizen for citizen in line.begun(_before_the_first)}
    with line.reading() as uow:
        first = uow.requests.by_id(uow.seats.held(DISTRICT, MONDAY)["09:00"])
    return line, by_ticket[first.ticket], by_ticket[line.draw().file["standby"][0]]


def code(line: Line, *, before: timedelta = timedelta(), district: int = DISTRICT) -> str:
    with line.reading() as uow:
        return hall_code(uow, district, line.clock() - before)


def checks_in(line: Line, citizen: Citizen, typed: str) -> str:
    command = CheckIn(code=citizen.code, hall=typed)
    return line.city.application.execute_as(citizen.actor, check_in, command)


def shown(line: Line) -> HallScreen:
    """Return what a screen of the hall shows now."""
    application = line.city.application
    key = application.execute_as(line.city.as_("reception"), make_display, OneHall()).key
    found = application.query_as(Actor(), hall_news, HallKey(district=DISTRICT, key=key))
    assert found is not None
    return found


def test_the_screen_shows_the_code_of_this_quarter_of_an_hour(hall: Hall) -> None:
    line, *_ = hall
    seen = shown(line)
    assert seen.code == code(line)
    assert len(seen.code) == 5
    assert seen.changes_at == line.clock() + QUARTER
    line.until(MONDAY, "09:00")
    assert shown(line).code != seen.code


def test_there_is_a_code_only_on_the_day(hall: Hall) -> None:
    line, *_ = hall
    line.until(MONDAY + timedelta(days=1), "09:00")
    assert shown(line).code == ""


def test_who_holds_a_seat_and_who_is_in_standby_say_that_they_are_there(hall: Hall) -> None:
    line, holder, standby = hall
    assert checks_in(line, holder, persian(code(line))) == ""
    assert checks_in(line, standby, f" {code(line)} ") == ""
    draw = line.draw().id
    assert line.entries("present") == [
        {"ticket": citizen.request.ticket, "draw": draw, "by": "citizen"}
        for citizen in (holder, standby)
    ]
    assert checks_in(line, holder, "") == "", "once said it is said"
    assert len(line.entries("present")) == 2


def test_nobody_is_missed_who_has_said_that_she_is_there(hall: Hall) -> None:
    line, holder, _ = hall
    checks_in(line, holder, code(line))
    line.until(MONDAY, "09:15")
    for _ in range(2):
        line.official("reception", holder, Action.CALL)
    with pytest.raises(Denied, match="noted_present"):
        line.official("reception", holder, Action.NO_SHOW)


def test_who_was_there_and_was_not_called_has_waited_one_week_more(hall: Hall) -> None:
    line, holder, _ = hall
    with line.reading() as uow:
        other = uow.requests.by_id(uow.seats.held(DISTRICT, MONDAY)["10:45"])
    guest = Citizen(line, replace(holder.actor, person_id=other.person_id), other.code)
    checks_in(line, holder, code(line))
    with line.reading() as uow:
        met = uow.requests.by_id(uow.seats.held(DISTRICT, MONDAY)["09:15"])
        identity = uow.people.get(met.person_id).identity
    line.until(MONDAY, "09:15")
    line.meet(Citizen(line, holder.actor, met.code, identity))
    line.until(MONDAY, "12:00")
    assert (holder.waited, holder.request.debt) == (1, 0)
    assert (guest.waited, guest.request.debt) == (0, 0)


def test_the_code_before_is_still_taken_and_an_older_one_is_not(hall: Hall) -> None:
    line, holder, standby = hall
    assert checks_in(line, holder, code(line, before=2 * QUARTER)) == "hall_code_wrong"
    assert checks_in(line, holder, code(line, before=QUARTER)) == ""
    assert checks_in(line, standby, code(line, district=4)) == "hall_code_wrong"
    assert len(line.entries("present")) == 1


@pytest.mark.parametrize("written", ["\u2066{}\u2069"])
def test_marks_that_nobody_sees_are_no_part_of_the_code(hall: Hall, written: str) -> None:
    line, holder, _ = hall
    assert checks_in(line, holder, written.format(persian(code(line)))) == ""


@pytest.mark.parametrize(
    ("typed", "word"),
    [("", "need_hall_code"), ("123", "hall_code_form")],
)
def test_what_is_no_code_is_said_and_not_counted(hall: Hall, typed: str, word: str) -> None:
    line, holder, _ = hall
    for _ in range(20):
        assert checks_in(line, holder, typed) == word
    assert checks_in(line, holder, code(line)) == ""


def test_guessing_ends_after_eight_wrong_codes_in_a_quarter_of_an_hour(hall: Hall) -> None:
    line, holder, _ = hall
    wrong = "00000" if code(line) != "00000" else "11111"
    for _ in range(8):
        assert checks_in(line, holder, wrong) == "hall_code_wrong"
    with pytest.raises(Denied, match="hall_code_often"):
        checks_in(line, holder, code(line))
    assert line.entries("present") == []
    line.until(MONDAY, "09:01")
    assert checks_in(line, holder, code(line)) == ""


def test_another_citizens_request_another_day_and_no_seat_are_refused(hall: Hall) -> None:
    line, holder, standby = hall
    (newcomer,) = line.file(1)
    right = code(line)
    with pytest.raises(Denied, match="not_found"):
        checks_in(line, replace(holder, actor=standby.actor), right)
    with pytest.raises(Denied, match="no_seat"):
        checks_in(line, newcomer, right)
    line.until(MONDAY + timedelta(days=1), "09:00")
    with pytest.raises(Denied, match="not_that_day"):
        checks_in(line, standby, code(line))


@pytest.mark.on_postgresql
def test_two_tabs_at_one_instant_say_it_once(hall: Hall) -> None:
    line, holder, _ = hall
    right = code(line)
    together(lambda: checks_in(line, holder, right), lambda: checks_in(line, holder, right))
    assert len(line.entries("present")) == 1


def test_her_page_asks_for_the_code_and_says_when_she_will_know(hall: Hall) -> None:
    line, holder, standby = hall

    def seen(citizen: Citizen):
        turn = line.city.application.query_as(citizen.actor, my_turn, OneCase(code=citizen.code))
        return turn.hall

    assert (seen(holder).present_at, seen(holder).place) == (None, 0)
    assert (seen(standby).place, seen(standby).next_at) == (1, None)
    holder.does(Action.GIVE_UP_SEAT)
    assert seen(holder) is None
    assert seen(standby).next_at == line.clock() + timedelta(minutes=5)
    checks_in(line, standby, code(line))
    assert seen(standby).present_at == line.clock()
    line.until(MONDAY, "08:50")
    assert (seen(standby).place, standby.stage) == (0, "confirmed")
    line.until(MONDAY + timedelta(days=1), "09:00")
    assert seen(holder) is None


@pytest.mark.parametrize(
    ("at", "word"), [("08:14", "present_early"), ("09:16", "present_late")], ids=["early", "late"]
)
def test_too_early_and_too_late_are_refused_and_reception_still_sees_her(
    line: Line, at: str, word: str
) -> None:
    holder = _first_holder(line)
    line.until(MONDAY, at)
    with pytest.raises(Denied, match=word) as refused:
        checks_in(line, holder, code(line))
    assert refused.value.facts.get("time") == ("08:15" if word == "present_early" else None)
    assert line.entries("present") == []
    if word == "present_late":
        line.official("reception", holder, Action.ARRIVE, identity=holder.identity)
        assert holder.stage == "arrived"


@pytest.mark.parametrize("at", ["08:15", "09:15"])
def test_the_window_of_a_seat_is_from_45_minutes_before_to_15_after(line: Line, at: str) -> None:
    holder = _first_holder(line)
    line.until(MONDAY, at)
    assert checks_in(line, holder, code(line)) == ""
    turn = line.city.application.query_as(holder.actor, my_turn, OneCase(code=holder.code))
    assert turn.hall is not None
    assert turn.hall.present_at == line.clock.now


def test_a_standby_has_no_time_of_her_own_and_says_it_when_she_is_there(line: Line) -> None:
    by_ticket = {citizen.request.ticket: citizen for citizen in line.drawn(SEATS + 2)}
    standby = by_ticket[line.draw().file["standby"][0]]
    line.until(MONDAY, "07:30")
    assert checks_in(line, standby, code(line)) == ""


def test_the_qr_leads_to_the_one_request_it_is_for(line: Line) -> None:
    holder = _first_holder(line)
    application = line.city.application
    assert application.query_as(holder.actor, my_door, Nothing()) == ""
    line.until(MONDAY, "08:45")
    assert application.query_as(holder.actor, my_door, Nothing()) == holder.code
    with pytest.raises(Denied, match="not_your_role"):
        application.query_as(line.city.as_("reception"), my_door, Nothing())


def _first_holder(line: Line) -> Citizen:
    by_ticket = {one.request.ticket: one for one in line.drawn(SEATS)}
    for citizen in by_ticket.values():
        if citizen.stage == "invited":
            citizen.does(Action.CONFIRM)
    with line.reading() as uow:
        first = uow.requests.by_id(uow.seats.held(DISTRICT, MONDAY)["09:00"])
    return by_ticket[first.ticket]


def alone(line: Line) -> list[Citizen]:
    """Return the only visitor of the first Monday, a quarter of an hour before her time."""
    (citizen,) = line.file(1)
    confirms(line, citizen, MONDAY)
    return [citizen]


def confirms(line: Line, citizen: Citizen, monday: date) -> None:
    line.until(monday - timedelta(days=4), "13:00")
    citizen.does(Action.CONFIRM)
    line.until(monday, "08:45")


def test_a_code_read_out_by_telephone_keeps_no_invented_person_in_the_line(line: Line) -> None:
    """Otherwise she would hold a seat of every Monday, and nobody could note her as absent."""
    (paper,) = line.begun(alone)
    assert checks_in(line, paper, code(line)) == ""
    monday = MONDAY + timedelta(weeks=1)
    confirms(line, paper, monday)
    assert paper.request.debt == 1, "nobody was received, and she said that she was there"
    with pytest.raises(Denied, match="present_unproved"):
        checks_in(line, paper, code(line))
    turn = line.city.application.query_as(paper.actor, my_turn, OneCase(code=paper.code))
    assert turn.hall is not None
    assert turn.hall.asks_card
    line.until(monday, "09:15")
    for _ in range(2):
        line.official("reception", paper, Action.CALL)
    line.official("reception", paper, Action.NO_SHOW)
    assert (paper.waited, paper.request.debt, paper.request.missed) == (0, 0, 1)


def test_a_new_request_gives_an_invented_person_no_other_code(line: Line) -> None:
    (paper,) = line.begun(alone)
    assert checks_in(line, paper, code(line)) == ""
    paper.does(Action.WITHDRAW)
    again = line.file_again(paper)
    confirms(line, again, MONDAY + timedelta(weeks=2))
    with pytest.raises(Denied, match="present_unproved"):
        checks_in(line, again, code(line))


@pytest.mark.parametrize("proved", ["at the door", "before"])
def test_whose_card_was_seen_types_the_code_on_every_monday(line: Line, proved: str) -> None:
    (citizen,) = line.begun(alone)
    if proved == "before":
        with line.city.application.store.unit_of_work(line.clock.now) as uow:
            uow.people.prove(citizen.request.person_id, Level.MATCHED, "matching")
    assert checks_in(line, citizen, code(line)) == ""
    if proved == "at the door":
        line.official("reception", citizen, Action.ARRIVE, identity=citizen.identity)
    confirms(line, citizen, MONDAY + timedelta(weeks=1))
    assert checks_in(line, citizen, code(line)) == ""


def test_a_standby_who_got_no_seat_types_the_code_again(hall: Hall) -> None:
    line, _, standby = hall
    assert checks_in(line, standby, code(line)) == ""
    monday = MONDAY + timedelta(weeks=1)
    line.until(monday, "08:45")
    assert standby.stage == "waiting"
    assert checks_in(line, standby, code(line)) == ""


@pytest.mark.parametrize(
    ("leaves", "comes_back"),
    [(Action.GIVE_UP_SEAT, deny_giving_up), (Action.WITHDRAW, undo_leaving)],
)
def test_nobody_is_owed_a_second_seat_by_the_code_alone(
    hall: Hall, leaves: Action, comes_back: Any
) -> None:
    """The code was read to an invented person, who leaves her seat to a standby and denies it."""
    line, paper, standby = hall
    assert checks_in(line, paper, code(line)) == ""
    assert checks_in(line, standby, code(line)) == ""
    paper.does(leaves)
    line.until(MONDAY, "09:00")
    assert standby.stage == "confirmed"
    # A Monday on which nobody is received owes more seats than the next one has.
    line.meet(standby)
    line.city.application.execute_as(paper.actor, comes_back, OneCase(code=paper.code))
    assert paper.request.debt == 1
    monday = MONDAY + timedelta(weeks=1)
    line.until(monday - timedelta(days=4), "13:00")
    paper.does(Action.CONFIRM)
    assert paper.request.seat is not None
    line.until(monday, paper.request.seat.time)
    with pytest.raises(Denied, match="present_unproved"):
        checks_in(line, paper, code(line))
