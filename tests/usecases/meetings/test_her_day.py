"""The Monday of her seat on her own page: her place, and only numbers of others."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from support.each import in_one_city
from support.hall import Guest, Hall
from support.line import DISTRICT, MONDAY
from support.together import together

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.meetings.estimate import DayState, MyDay
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.usecases.accounts.viewer import topics_of
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.agenda import ADay, monday_list
from publicmeeting.usecases.tracking.timeline import timeline_page
from publicmeeting.usecases.tracking.turn import my_turn


def day_of(hall: Hall, guest: Guest) -> MyDay | None:
    return hall.query(guest.actor, my_turn, OneCase(code=guest.code)).day


def answer_coming(hall: Hall, guest: Guest) -> None:
    command = TakeStep(code=guest.code, action=Action.COMING)
    hall.execute(guest.actor, take_step, command)


def at(hall: Hall, clock: str) -> None:
    hall.clock.set(at_tehran(MONDAY, clock))


@in_one_city(
    "hour, state",
    [
        ("07:00", DayState.EARLY),
        ("08:29", DayState.EARLY),
        ("08:30", DayState.DUE),
        ("09:24", DayState.DUE),
        ("09:25", DayState.LATE),
        ("11:00", DayState.UNSEEN),
    ],
)
def test_before_she_comes_the_hour_says_where_she_stands(
    hall: Hall, hour: str, state: DayState
) -> None:
    second = hall.guests[1]
    at(hall, hour)
    found = day_of(hall, second)
    assert (found.state, found.number) == (state, 2)


def test_another_day_is_not_her_day(hall: Hall) -> None:
    for days in (-1, 1):
        hall.clock.set(at_tehran(MONDAY + timedelta(days=days), "09:00"))
        assert day_of(hall, hall.guests[0]) is None


@pytest.mark.on_postgresql
def test_the_morning_as_the_third_follows_it(hall: Hall) -> None:
    first, second, third = hall.guests
    at(hall, "08:40")
    found = day_of(hall, third)
    assert (found.begins_at, found.before) == (at_tehran(MONDAY, "09:00"), 2)
    assert found.entry.likely == at_tehran(MONDAY, "09:30")
    hall.arrive(third)
    assert (day_of(hall, third).state, day_of(hall, third).came_at) == (
        DayState.HERE,
        at_tehran(MONDAY, "08:40"),
    )
    at(hall, "09:00")
    hall.receive(first)
    found = day_of(hall, third)
    assert (found.inside, found.before, found.begins_at) == (1, 1, None)
    hall.order(first)
    hall.finish(first)
    at(hall, "09:26")
    found = day_of(hall, third)
    assert (found.inside, found.before) == (0, 0), "the second is past her ten minutes"
    hall.act("reception", third, Action.CALL)
    found = day_of(hall, third)
    assert (found.state, found.calls) == (DayState.CALLED, 1)
    assert found.call_id == third.request.history[-1].id
    hall.act("mayor", third, Action.CALL_IN)
    found = day_of(hall, third)
    assert (found.state, found.calls, found.entry) == (DayState.INSIDE, 0, None)
    hall.order(third)
    hall.finish(third)
    assert day_of(hall, third) is None
    assert day_of(hall, second).state is DayState.LATE


def test_whoever_is_passed_over_is_told_that_her_place_stands(hall: Hall) -> None:
    first, second, _ = hall.guests
    for guest in (first, second):
        hall.arrive(guest)
    assert not day_of(hall, first).is_passed
    hall.clock.forward(minutes=1)
    hall.act("reception", second, Action.CALL_IN, skip="away")
    assert day_of(hall, first).is_passed
    assert (day_of(hall, first).before, day_of(hall, first).inside) == (0, 2)


def test_nobody_is_passed_over_by_a_press_of_before_she_came_that_is_sent_later(hall: Hall) -> None:
    first, second, _ = hall.guests
    hall.arrive(second)
    hall.clock.forward(minutes=10)
    hall.arrive(first)
    hall.clock.forward(minutes=1)
    command = TakeStep(code=second.code, action=Action.CALL_IN, ago=300, skip="away")
    hall.execute("mayor", take_step, command)
    assert not day_of(hall, first).is_passed, "the second went in four minutes before she came"


def absent(hall: Hall, guest: Guest, wait: Callable[[], None] = lambda: None) -> None:
    at(hall, "09:02")
    for _ in range(2):
        hall.act("reception", guest, Action.CALL)
    wait()
    at(hall, "09:11")
    hall.act("reception", guest, Action.NO_SHOW)


def test_whoever_missed_her_call_may_still_come_until_the_hours_end(hall: Hall) -> None:
    first = hall.guests[0]
    absent(hall, first)
    assert day_of(hall, first).state is DayState.MISSED
    at(hall, "11:00")
    assert day_of(hall, first).state is DayState.MISSED_OVER
    hall.clock.set(at_tehran(MONDAY + timedelta(days=1), "09:00"))
    assert day_of(hall, first) is None


@pytest.mark.on_postgresql
def test_coming_stops_the_ten_minutes_once(hall: Hall) -> None:
    first = hall.guests[0]
    with pytest.raises(Denied, match="not_called_yet"):
        answer_coming(hall, first)
    with pytest.raises(Denied, match="is_coming"):
        absent(hall, first, lambda: answer_coming(hall, first))
    found = day_of(hall, first)
    assert (found.state, found.waited_until) == (DayState.COMING, at_tehran(MONDAY, "09:12"))
    board = hall.query("reception", monday_list, ADay())
    assert board.visitors[0].coming_at == at_tehran(MONDAY, "09:02")
    with pytest.raises(Denied, match="is_expected"):
        answer_coming(hall, first)
    at(hall, "09:12")
    assert day_of(hall, first).state is DayState.CALLED
    hall.act("reception", first, Action.NO_SHOW)
    assert day_of(hall, first).state is DayState.MISSED


@pytest.mark.on_postgresql
def test_two_presses_at_one_instant_are_one_word(hall: Hall) -> None:
    first = hall.guests[0]
    hall.act("reception", first, Action.CALL)
    done, words = together(*[lambda: answer_coming(hall, first)] * 2)
    assert (len(done), len(words)) == (1, 1)
    assert words[0].key in {"is_expected", "version_conflict"}
    assert first.request.count(Action.COMING) == 1


def test_nobody_says_it_for_her(hall: Hall) -> None:
    first, second, _ = hall.guests
    hall.act("reception", first, Action.CALL)
    command = TakeStep(code=first.code, action=Action.COMING)
    with pytest.raises(Denied, match="not_found"):
        hall.execute(second.actor, take_step, command)
    for who in ("reception", "mayor"):
        with pytest.raises(Denied, match="not_your_role"):
            hall.execute(who, take_step, command)
    assert not first.request.count(Action.COMING)


def test_her_page_follows_the_hall_on_her_day_alone(hall: Hall) -> None:
    first, second, _ = hall.guests
    case = OneCase(code=first.code)
    assert f"district:{DISTRICT}" in hall.query(first.actor, topics_of, case)
    assert f"district:{DISTRICT}" not in hall.query(second.actor, topics_of, case)
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "09:00"))
    assert f"district:{DISTRICT}" not in hall.query(first.actor, topics_of, case)


def test_of_the_others_only_numbers_are_on_it(hall: Hall) -> None:
    first, second, _ = hall.guests
    hall.receive(first)
    case = OneCase(code=second.code)
    shown = repr(
        (hall.query(second.actor, my_turn, case), hall.query(second.actor, timeline_page, case))
    )
    for secret in (first.code, first.request.id, first.request.ticket, first.request.person_id):
        assert secret not in shown
