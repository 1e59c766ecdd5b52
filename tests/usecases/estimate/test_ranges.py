"""Whether a visitor went in within the range that she was shown at her arrival."""

import pytest
from support.hall import Hall
from support.line import DISTRICT, MONDAY

from publicmeeting.domain.meetings.estimate import RangesHeld
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.districts.board import city_board
from publicmeeting.usecases.estimate import EARLIEST, LATEST, count_ranges, ranges_held
from publicmeeting.usecases.line.mondays import end_day
from publicmeeting.usecases.meetings.on_paper.paper_entry import EnterMeeting, enter_meeting
from publicmeeting.usecases.tracking.turn import my_turn


def counted(hall: Hall) -> tuple[int, int]:
    with hall.reading() as uow:
        day = uow.city.monday(DISTRICT, MONDAY)
        return count_ranges(uow, day)


def test_what_her_page_says_at_her_arrival_is_what_is_recorded(hall: Hall) -> None:
    third = hall.guests[2]
    hall.clock.set(at_tehran(MONDAY, "08:52"))
    hall.arrive(third)
    entry = hall.query(third.actor, my_turn, OneCase(code=third.code)).day.entry
    payload = third.request.last(Action.ARRIVE).payload
    assert payload[EARLIEST] == entry.earliest.isoformat()
    assert payload[LATEST] == entry.latest.isoformat()
    assert counted(hall) == (0, 1), "nobody has called her in yet"


@pytest.mark.on_postgresql
def test_in_time_too_late_never_and_absent_are_counted_apart(hall: Hall) -> None:
    first, second, third = hall.guests
    for guest in (first, second, third):
        hall.arrive(guest)
    hall.act("mayor", first, Action.CALL_IN)
    assert counted(hall) == (1, 3)
    hall.order(first)
    hall.finish(first)
    hall.clock.set(at_tehran(MONDAY, "10:30"))
    hall.act("mayor", second, Action.CALL_IN)
    assert counted(hall) == (1, 3), "an hour after her range has ended"
    for _ in range(2):
        hall.act("reception", third, Action.CALL)
    hall.clock.forward(minutes=10)
    hall.act("reception", third, Action.NO_SHOW)
    assert counted(hall) == (1, 2), "who is absent has been called: her range is no matter"


@pytest.mark.on_postgresql
def test_a_day_that_is_over_is_counted_once_and_published_by_district_alone(hall: Hall) -> None:
    first, second, _ = hall.guests
    for guest in (first, second):
        hall.arrive(guest)
    hall.act("mayor", first, Action.CALL_IN)
    hall.order(first)
    hall.finish(first)
    hall.clock.set(at_tehran(MONDAY, "14:00"))
    for _ in range(2):
        with hall.application.store.unit_of_work(hall.clock.now) as uow:
            end_day(uow, DISTRICT, MONDAY, hall.clock.now)
    with hall.reading() as uow:
        assert uow.city.monday(DISTRICT, MONDAY).ranges == (1, 2)
    board = hall.query("reception", city_board, Nothing())
    assert ranges_held(one.ranges for one in board.past[DISTRICT]) == RangesHeld(1, 2)
    assert not RangesHeld(1, 2).enough


def test_of_few_nothing_is_said() -> None:
    assert not RangesHeld(9, 9).enough
    assert ranges_held([(5, 6), (2, 4)]) == RangesHeld(7, 10)
    assert RangesHeld(7, 10).enough


def test_who_went_in_while_the_day_was_on_paper_is_counted_by_the_hour_on_it(hall: Hall) -> None:
    first = hall.guests[0]
    hall.arrive(first)
    hall.clock.set(at_tehran(MONDAY, "10:40"))
    command = EnterMeeting(code=first.code, begun="09:05", ended="09:20")
    hall.execute("mayor", enter_meeting, command)
    assert counted(hall) == (1, 1)
