"""The pace of a day, computed from its events so far."""

from datetime import timedelta

import pytest
from support.hall import Hall
from support.line import DISTRICT, MONDAY

from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.usecases.estimate import DayLine, day_line


def read(hall: Hall) -> DayLine | None:
    with hall.reading() as uow:
        day = uow.city.monday(DISTRICT, MONDAY)
        return day_line(uow, day, hall.clock.now)


@pytest.mark.on_postgresql
def test_the_pace_of_the_day_is_that_of_its_finished_meetings(hall: Hall):
    first, second, third = hall.guests[:3]
    hall.receive(first)
    hall.clock.forward(minutes=21)
    hall.order(first)
    hall.finish(first)
    hall.receive(second)
    hall.arrive(third)
    hall.clock.forward(minutes=4)
    line = read(hall)
    assert line.pace.finished == (timedelta(minutes=21),)
    assert line.pace.inside_for == timedelta(minutes=4)
    assert (line.inside, [one.request_id for one in line.waiting]) == (2, [third.request.id])
    assert line.before(line.waiting[0]) == 0


def test_a_meeting_interrupted_is_counted_from_its_last_going_in(hall: Hall):
    first = hall.guests[0]
    hall.receive(first)
    hall.clock.forward(minutes=10)
    hall.act("mayor", first, Action.SEND_BACK, note="قطع شد")
    assert read(hall).pace.finished == ()
    hall.act("mayor", first, Action.CALL_IN)
    hall.clock.forward(minutes=6)
    hall.order(first)
    hall.finish(first)
    assert read(hall).pace.finished == (timedelta(minutes=6),)


def test_who_is_expected_counts_until_ten_minutes_after_her_time(hall: Hall):
    third = hall.guests[2]
    hall.arrive(third)
    line = read(hall)
    assert line.before(line.of(third.request.id)) == 2
    hall.clock.forward(minutes=10)
    line = read(hall)
    assert line.before(line.of(third.request.id)) == 1


def test_before_the_first_seat_the_day_is_counted_from_it(hall: Hall):
    hall.clock.set(at_tehran(MONDAY, "07:00"))
    line = read(hall)
    assert line.from_at == at_tehran(MONDAY, "09:00")
    assert [line.entry(one).likely for one in line.waiting] == [
        one.own_time for one in line.waiting
    ]


def test_another_day_has_no_line(hall: Hall):
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "10:00"))
    assert read(hall) is None
