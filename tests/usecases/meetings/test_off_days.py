"""Presses while no Monday is held: called off, over, another day, a clock set back."""

from datetime import timedelta

import pytest
from support.hall import Guest, Hall
from support.line import DISTRICT, MONDAY
from support.together import together

from publicmeeting.domain.errors import Denied, Refusal, Unavailable
from publicmeeting.domain.meetings.estimate import DayState
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.districts.closing import CloseMonday, close_monday
from publicmeeting.usecases.meetings.agenda import ADay, monday_list
from publicmeeting.usecases.meetings.coming.her_day import her_day

DAY = timedelta(days=1)


def close(hall: Hall) -> None:
    command = CloseMonday(monday=MONDAY.isoformat(), district=str(DISTRICT), reason="pollution")
    hall.execute("administrator", close_monday, command)


def comes_late(hall: Hall, guest: Guest) -> None:
    hall.act("reception", guest, Action.COME_LATE, identity=hall.card(guest))


@pytest.fixture
def absent(hall: Hall) -> Hall:
    """9:20: the first guest was called twice and is absent, the second is inside."""
    hall.receive(hall.guests[1])
    for _ in range(2):
        hall.act("reception", hall.guests[0], Action.CALL)
    hall.clock.set(at_tehran(MONDAY, "09:20"))
    hall.act("reception", hall.guests[0], Action.NO_SHOW)
    return hall


def test_nobody_comes_late_to_a_day_that_was_called_off(absent: Hall) -> None:
    guest = absent.guests[0]
    close(absent)
    with pytest.raises(Denied, match="hours_over"):
        comes_late(absent, guest)
    assert guest.request.stage is Stage.WAITING
    row = absent.query("reception", monday_list, ADay()).visitors[0]
    assert Action.COME_LATE not in {step.action for step in row.steps}
    day = absent.query(guest.actor, her_day, OneCase(code=guest.code))
    assert day is not None
    assert day.state is DayState.MISSED_OVER, "she is not sent to a hall that is closed"


@pytest.mark.on_postgresql
def test_late_and_called_off_at_one_instant_is_one_of_both(absent: Hall) -> None:
    guest = absent.guests[0]
    together(lambda: close(absent), lambda: comes_late(absent, guest))
    assert guest.request.stage is Stage.WAITING
    assert guest.request.seat is None


def test_whoever_was_left_is_neither_called_nor_received(absent: Hall) -> None:
    close(absent)
    guest = absent.guests[2]
    for action in (Action.CALL, Action.ARRIVE, Action.NO_SHOW, Action.CALL_IN):
        with pytest.raises(Refusal):
            absent.act("reception", guest, action, identity=absent.card(guest))
        assert guest.request.count(action) == 0


def test_on_another_day_nobody_is_called(hall: Hall) -> None:
    hall.arrive(hall.guests[0])
    for when in (-DAY, DAY, 7 * DAY):
        hall.clock.set(at_tehran(MONDAY, "09:00") + when)
        for action in (Action.CALL, Action.CALL_IN, Action.NO_SHOW, Action.UNDO_ARRIVAL):
            with pytest.raises(Denied, match="not_that_day"):
                hall.act("reception", hall.guests[0], action)


def test_a_clock_that_was_set_back_writes_nothing_into_the_log(hall: Hall) -> None:
    hall.arrive(hall.guests[0])
    hall.clock.set(at_tehran(MONDAY, "08:00"))
    for guest, action in ((hall.guests[0], Action.CALL_IN), (hall.guests[1], Action.ARRIVE)):
        with pytest.raises(Unavailable, match="clock_behind"):
            hall.act("reception", guest, action, identity=hall.card(guest))
    assert [one.request.stage for one in hall.guests[:2]] == [Stage.ARRIVED, Stage.CONFIRMED]
