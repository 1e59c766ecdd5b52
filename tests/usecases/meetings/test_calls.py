"""Each call of a Monday is an event of its own, the same for every page that reads it."""

from datetime import timedelta

from support.citizens import shows_card
from support.hall import Hall
from support.line import DISTRICT, MONDAY

from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.usecases.estimate import seated_on
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.agenda import ADay, monday_list
from publicmeeting.usecases.meetings.in_hall.hall import DayCall, day_calls

CALL, CALL_IN = Action.CALL, Action.CALL_IN


def calls(hall: Hall, weeks: int = 0) -> tuple[DayCall, ...]:
    with hall.reading() as uow:
        day = uow.city.monday(DISTRICT, MONDAY + timedelta(weeks=weeks))
        assert day is not None
        return day_calls(day, seated_on(uow, day).seated)


def words(hall: Hall) -> list[tuple[int, int, bool]]:
    return [(call.number, call.nth, call.is_announced) for call in calls(hall)]


def test_a_second_call_of_a_number_is_an_event_of_its_own(hall: Hall) -> None:
    first, second, _ = hall.guests
    hall.act("reception", first, CALL)
    hall.clock.forward(minutes=1)
    hall.act("reception", second, CALL)
    hall.clock.forward(minutes=1)
    hall.act("reception", first, CALL)
    assert words(hall) == [(1, 1, True), (2, 1, True), (1, 2, True)]
    seen = calls(hall)
    assert len({one.id for one in seen}) == 3
    assert [one.at for one in seen] == sorted(one.at for one in seen)
    assert calls(hall) == seen, "read again they are the same"


def test_going_in_is_announced_only_where_nobody_called_her(hall: Hall) -> None:
    first, second, _ = hall.guests
    hall.arrive(first)
    hall.arrive(second)
    hall.act("reception", first, CALL)
    hall.act("mayor", first, CALL_IN)
    assert words(hall) == [(1, 1, True), (1, 1, False)]
    hall.act("mayor", first, Action.SEND_BACK, note="کارت همراهش نبود.")
    hall.clock.forward(minutes=1)
    hall.act("mayor", first, CALL_IN)
    assert words(hall)[-1] == (1, 2, True)


def test_the_calls_of_a_number_stay_after_she_was_not_there(hall: Hall) -> None:
    first = hall.guests[0]
    for _ in range(2):
        hall.act("reception", first, CALL)
        hall.clock.forward(minutes=11)
    hall.act("reception", first, Action.NO_SHOW)
    assert words(hall) == [(1, 1, True), (1, 2, True)]


def test_whoever_is_telephoned_is_not_announced_to_a_hall_she_is_not_in(hall: Hall) -> None:
    first = hall.guests[0]
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "18:00"))
    shows_card(hall.application, first.request)
    hall.execute(first.actor, take_step, TakeStep(code=first.code, action=Action.ASK_CALL))
    hall.clock.set(at_tehran(MONDAY, "09:00"))
    hall.act("reception", first, Action.REACH)
    hall.act("mayor", first, CALL_IN)
    assert words(hall) == [(1, 0, False)]


def test_going_in_that_a_tablet_without_a_network_sends_later_is_not_called_out(hall: Hall) -> None:
    """She went in when it was pressed; minutes later nobody with this number is in the hall."""
    first, second, _ = hall.guests
    hall.arrive(first)
    hall.clock.forward(minutes=10)
    hall.execute("mayor", take_step, TakeStep(code=first.code, action=CALL_IN, ago=300))
    pressed = hall.clock.now - timedelta(minutes=5)
    (late,) = calls(hall)
    assert (late.is_announced, late.nth, late.at) == (False, 0, pressed)
    board = hall.query("reception", monday_list, ADay())
    assert board.visitors[0].in_room_since == pressed, "as the table itself counts it"
    hall.act("mayor", first, Action.SEND_BACK, note="کارت همراهش نبود.")
    hall.arrive(second)
    hall.execute("mayor", take_step, TakeStep(code=first.code, action=CALL_IN, ago=20))
    assert words(hall)[-1] == (1, 1, True), "a short gap is heard: she still waits"
