"""Entry of what happened on paper: arrivals and meetings with the paper's times, no absences."""

from datetime import timedelta

import pytest
from support.each import in_one_city
from support.hall import Hall
from support.line import MONDAY
from support.together import together

from publicmeeting.domain.errors import Denied, FormError, Refusal
from publicmeeting.domain.records import PAPER, PAPER_UNTIL
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.usecases.estimate import day_line, seated_on
from publicmeeting.usecases.meetings.agenda import ADay, monday_list
from publicmeeting.usecases.meetings.in_hall.hall import day_calls
from publicmeeting.usecases.meetings.on_paper.paper_entry import (
    ROWS_MOST,
    EnterArrivals,
    EnterMeeting,
    enter_arrivals,
    enter_meeting,
)


@pytest.fixture
def after(hall: Hall) -> Hall:
    """Monday, 10:50: the server was down for two hours."""
    hall.clock.set(at_tehran(MONDAY, "10:50"))
    return hall


def came(hall: Hall, *rows: tuple[int, str], who: str = "reception") -> int:
    filled = tuple((hall.guests[at].code, time, hall.card(hall.guests[at])) for at, time in rows)
    return int(hall.execute(who, enter_arrivals, EnterArrivals(rows=filled)).count)


def met(hall: Hall, at: int, begun: str, ended: str, **more: str) -> None:
    command = EnterMeeting(code=hall.guests[at].code, begun=begun, ended=ended, **more)
    hall.execute("mayor", enter_meeting, command)


def test_a_morning_on_paper_is_entered_and_stands_with_both_hours(after: Hall) -> None:
    assert came(after, (0, "۸:۵۰"), (1, "09.05")) == 2
    met(after, 0, "9:00", "9:20")
    after.order(after.guests[0])
    after.finish(after.guests[0])
    request = after.guests[0].request
    assert request.stage is Stage.FOLLOW_UP
    arrived, inside = request.last(Action.ARRIVE), request.last(Action.CALL_IN)
    assert arrived is not None
    assert inside is not None
    assert arrived.payload[PAPER] == "08:50"
    assert (inside.payload[PAPER], inside.payload[PAPER_UNTIL]) == ("09:00", "09:20")
    assert arrived.at == inside.at == after.clock.now, "entered now, and not when it was"
    board = after.query("reception", monday_list, ADay())
    assert board.visitors[0].from_paper
    assert board.visitors[1].came_at == at_tehran(MONDAY, "09:05")
    assert board.monday.state == "held"


def test_its_length_is_the_paper_s_and_nobody_in_the_hall_hears_a_call(after: Hall) -> None:
    came(after, (0, "8:50"), (1, "8:55"))
    met(after, 0, "9:00", "9:20")
    after.order(after.guests[0])
    after.finish(after.guests[0])
    with after.reading() as uow:
        day = uow.city.monday(6, MONDAY)
        assert day is not None
        line = day_line(uow, day, after.clock.now)
        assert line is not None
        assert line.pace.finished == (timedelta(minutes=20),)
        assert [call.is_announced for call in day_calls(day, seated_on(uow, day).seated)] == [False]


def test_whoever_is_not_entered_keeps_her_weeks(after: Hall) -> None:
    """The day ends without an entry about her: no weeks are lost, and nothing is owed."""
    came(after, (0, "8:50"))
    met(after, 0, "9:00", "9:20")
    before = after.guests[2].request.waited
    after.ends()
    request = after.guests[2].request
    assert (request.stage, request.waited) == (Stage.WAITING, before)
    assert [request.count(a) for a in (Action.NO_SHOW, Action.NOT_CALLED)] == [0, 1]


def test_one_wrong_row_refuses_all_and_says_where(after: Hall) -> None:
    rows = (
        (after.guests[0].code, "8:50", after.card(after.guests[0])),
        (after.guests[1].code, "10:55", after.card(after.guests[1])),
        (after.guests[2].code, "9", after.card(after.guests[0])),
    )
    with pytest.raises(FormError) as refused:
        after.execute("reception", enter_arrivals, EnterArrivals(rows=rows))
    found = {error.field: error.key for error in refused.value.errors}
    second, third = after.guests[1].code, after.guests[2].code
    assert found == {
        f"time-{second}": "paper_time_ahead",
        f"time-{third}": "paper_time",
        f"card-{third}": "identity_mismatch",
    }
    assert after.guests[0].request.stage is Stage.CONFIRMED


@in_one_city("time", ["25:00", "9:61", "۹", "नौ:००", "9:5", "-1:00", "9:00:00"])
def test_what_is_no_hour_is_refused(after: Hall, time: str) -> None:
    with pytest.raises(FormError):
        came(after, (0, time))


def test_the_same_row_twice_is_one_arrival(after: Hall) -> None:
    with pytest.raises(FormError) as refused:
        came(after, (0, "8:50"), (0, "8:55"))
    assert [error.key for error in refused.value.errors] == ["stage_moved"]
    for _ in range(2):  # saved twice it is written once; another time is another arrival
        came(after, (0, "8:50"))
    with pytest.raises(FormError):
        came(after, (0, "8:55"))
    assert after.guests[0].request.count(Action.ARRIVE) == 1


def test_nothing_filled_in_and_too_much_are_refused(after: Hall) -> None:
    with pytest.raises(Denied, match="nothing_on_paper"):
        came(after)
    rows = (("1", "", ""),) * (ROWS_MOST + 1)
    with pytest.raises(Denied, match="form_broken"):
        after.execute("reception", enter_arrivals, EnterArrivals(rows=rows))


def test_a_meeting_ends_after_it_began_and_never_ahead(after: Hall) -> None:
    came(after, (0, "8:50"))
    for begun, ended, field in (("9:20", "9:20", "ended"), ("9:00", "10:59", "ended")):
        with pytest.raises(FormError) as refused:
            met(after, 0, begun, ended)
        assert [error.field for error in refused.value.errors] == [field]


def test_the_order_of_the_line_holds_on_paper_too(after: Hall) -> None:
    came(after, (0, "8:50"), (1, "8:55"))
    with pytest.raises(Denied, match="need_skip"):
        met(after, 1, "9:00", "9:20")
    met(after, 1, "9:00", "9:20", skip="asked")
    with pytest.raises(Denied, match="room_taken"):
        met(after, 0, "9:20", "9:40")


def test_nobody_is_met_who_has_not_come(after: Hall) -> None:
    with pytest.raises(Denied, match="stage_moved"):
        met(after, 0, "9:00", "9:20")


@in_one_city("who", ["desk", "mayor", "overseer", "administrator"])
def test_only_reception_enters_arrivals(after: Hall, who: str) -> None:
    with pytest.raises(Denied, match="not_your_role"):
        came(after, (0, "8:50"), who=who)


def test_only_who_holds_the_day_enters_a_meeting(after: Hall) -> None:
    came(after, (0, "8:50"))
    command = EnterMeeting(code=after.guests[0].code, begun="9:00", ended="9:20")
    for who in ("reception", "deputy", "desk", after.guests[0].actor):
        with pytest.raises(Denied, match="not_your_role"):
            after.execute(who, enter_meeting, command)


def test_on_another_day_nothing_is_entered(after: Hall) -> None:
    after.clock.set(at_tehran(MONDAY, "09:00") + timedelta(days=1))
    with pytest.raises(Refusal):
        came(after, (0, "8:50"))


@pytest.mark.on_postgresql
def test_two_who_enter_the_same_paper_write_it_once(after: Hall) -> None:
    done, refused = together(lambda: came(after, (0, "8:50")), lambda: came(after, (0, "8:50")))
    assert (done, refused) == ([1, 1], [])
    assert after.guests[0].request.count(Action.ARRIVE) == 1
