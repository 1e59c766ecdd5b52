"""Two processes whose clocks differ by seconds at a deadline: the place in the log decides."""

from datetime import datetime, timedelta

import pytest
from support.line import Citizen, Line, recomputed_weeks

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import in_tehran, tehran_day
from publicmeeting.turns.week import Week

SECOND = timedelta(seconds=1)


def presses_as_another_has_written(
    line: Line, citizen: Citizen, moment: datetime, action: Action, **fields: str
) -> None:
    """Her process is a second before this moment; another one, two ahead of it, has just written."""
    line.clock.set(moment + SECOND)
    line.file(1, accepted=False)
    line.clock.set(moment - SECOND)
    citizen.does(action, **fields)


def before(line: Line, moment: datetime) -> None:
    """The city lives until a minute before."""
    line.until(tehran_day(moment), f"{in_tehran(moment - timedelta(minutes=1)):%H:%M}")


@pytest.mark.on_postgresql
def test_an_answer_that_the_log_dates_after_its_deadline_is_too_late(line: Line) -> None:
    (citizen,) = line.drawn(1)
    seat = citizen.request.seat
    assert seat is not None
    before(line, seat.answer_by)
    size = len(line.log())
    with pytest.raises(Denied, match="too_late"):
        presses_as_another_has_written(line, citizen, seat.answer_by, Action.CONFIRM)
    assert len(line.log()) == size + 1
    assert citizen.stage == "invited"


def test_an_answer_that_the_log_dates_before_its_deadline_is_taken(line: Line) -> None:
    (citizen,) = line.drawn(1)
    seat = citizen.request.seat
    assert seat is not None
    before(line, seat.answer_by)
    presses_as_another_has_written(line, citizen, seat.answer_by - 9 * SECOND, Action.CONFIRM)
    assert citizen.stage == "confirmed"


def test_a_seat_given_up_costs_what_stood_over_the_button(line: Line) -> None:
    (citizen,) = line.drawn(1)
    citizen.does(Action.CONFIRM)
    seat = citizen.request.seat
    assert seat is not None
    with line.reading() as uow:
        rules = uow.city.rules_on(seat.monday)
    assert rules is not None
    until = Week(seat.monday, rules.body).standby_until
    before(line, until)
    with pytest.raises(Denied, match="version_conflict"):
        presses_as_another_has_written(line, citizen, until, Action.GIVE_UP_SEAT)
    assert citizen.stage == "confirmed"
    line.clock.set(until + 2 * SECOND)
    citizen.does(Action.GIVE_UP_SEAT)
    assert recomputed_weeks(line)[citizen.request.ticket] == citizen.waited
