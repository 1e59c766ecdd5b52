"""A citizen denies a seat given up, or an offer refused, in her name.

If the seat has gone to somebody else, one tap brings back what it took, and she is owed another. A
citizen who did it herself gains nothing by denying it.
"""

from datetime import date, datetime, time, timedelta

import pytest
from support.line import DISTRICT, MONDAY, Citizen, Line
from support.together import refusal, together

from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.line.objections.undoing import (
    deny_giving_up,
    take_seat_back,
    undo_leaving,
)
from publicmeeting.usecases.meetings.in_hall.hall import CheckIn, check_in, hall_code
from publicmeeting.usecases.meetings.in_hall.standby import Standby, note_present
from publicmeeting.usecases.tracking.timeline import TimelinePage, timeline_page

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
SEATS = 8


def deny(line: Line, citizen: Citizen, actor: Actor | None = None) -> Request:
    command = OneCase(code=citizen.code)
    application = line.city.application
    return application.execute_as(actor or citizen.actor, deny_giving_up, command)


def back(line: Line, citizen: Citizen) -> Request:
    command = OneCase(code=citizen.code)
    return line.city.application.execute_as(citizen.actor, take_seat_back, command)


def page(line: Line, citizen: Citizen) -> TimelinePage:
    command = OneCase(code=citizen.code)
    return line.city.application.query_as(citizen.actor, timeline_page, command)


def is_shown(line: Line, citizen: Citizen) -> bool:
    return Action.DENY_GIVE_UP in {step.action for step in page(line, citizen).steps}


def given_up(line: Line, citizen: Citizen) -> int:
    with line.reading() as uow:
        return uow.requests.counts(citizen.request)[0]


def drawn(line: Line, more: int) -> tuple[Citizen, list[Citizen]]:
    """Return the holder of the first Monday's first seat, and the standby in order."""
    by_ticket = {citizen.request.ticket: citizen for citizen in line.drawn(SEATS + more)}
    with line.reading() as uow:
        first = uow.requests.by_id(uow.seats.held(DISTRICT, MONDAY)["09:00"])
    holder = by_ticket[first.ticket]
    return holder, [by_ticket[ticket] for ticket in line.draw().file["standby"]]


def with_weeks(line: Line) -> tuple[Citizen, list[Citizen], date]:
    """Return a holder on the second Monday who waited a week, the standby, and the Monday."""
    by_ticket = {one.request.ticket: one for one in line.drawn(SEATS + 2)}
    citizen, monday = by_ticket[line.draw().file["standby"][0]], MONDAY + WEEK
    line.until(monday - 5 * DAY, "20:01")
    assert (citizen.stage, citizen.waited) == ("invited", 1)
    for each in by_ticket.values():
        if each.stage == "invited":
            each.does(Action.CONFIRM)
    return citizen, [by_ticket[ticket] for ticket in line.draw(monday).file["standby"]], monday


def is_there(line: Line, citizen: Citizen) -> None:
    command = Standby(code=citizen.code, identity=citizen.identity)
    line.city.application.execute_as(line.city.as_("reception"), note_present, command)


def types_the_code(line: Line, citizen: Citizen) -> None:
    with line.reading() as uow:
        code = hall_code(uow, DISTRICT, line.clock())
    command = CheckIn(code=citizen.code, hall=code)
    line.city.application.execute_as(citizen.actor, check_in, command)


def test_a_seat_that_was_offered_at_once_is_owed_to_her(line: Line) -> None:
    citizen, (friend, _) = drawn(line, 2)
    citizen.does(Action.CONFIRM)
    weeks = citizen.waited
    citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert friend.stage == "invited"
    assert refusal(lambda: back(line, citizen)).key == "seat_gone"
    assert is_shown(line, citizen)
    after = deny(line, citizen)
    assert (after.stage.value, after.waited, after.debt) == ("waiting", weeks, 1)
    assert given_up(line, citizen) == 1
    assert friend.stage == "invited", "nobody else loses anything by her word"
    line.until(MONDAY + WEEK - 5 * DAY, "20:01")
    assert citizen.stage == "invited"
    assert citizen.request.seat is not None
    assert citizen.request.seat.why == "debt"


def test_while_the_seat_is_still_free_it_comes_back_itself(line: Line) -> None:
    citizen, _ = drawn(line, 0)
    citizen.does(Action.GIVE_UP_SEAT)
    assert refusal(lambda: deny(line, citizen)).key == "nothing_to_deny"
    assert not is_shown(line, citizen)
    back(line, citizen)
    assert refusal(lambda: deny(line, citizen)).key == "stage_moved"


def test_once_and_no_other_person(line: Line) -> None:
    citizen, (friend, _) = drawn(line, 2)
    citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert refusal(lambda: deny(line, citizen, friend.actor)).key == "not_found"
    assert refusal(lambda: deny(line, citizen, line.city.as_("desk"))).key == "not_your_role"
    deny(line, citizen)
    word = refusal(lambda: deny(line, citizen))
    assert (word.key, word.facts["already"]) == ("stage_moved", "deny_give_up")
    assert len(line.entries("taken_in")) == 1
    assert not is_shown(line, citizen)


def test_until_the_next_list_can_no_longer_be_changed(line: Line) -> None:
    citizen, _ = drawn(line, 1)
    citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    line.until(MONDAY + DAY, "20:01")
    assert refusal(lambda: deny(line, citizen)).key == "deny_late"


def test_what_a_third_one_took_comes_back_where_it_went_on(line: Line) -> None:
    """She gave up two herself; a third one in her name would take all her weeks."""
    citizens = line.drawn(SEATS + 2)
    citizen = next(one for one in citizens if one.stage == "waiting")
    for count in (1, 2, 3):
        monday = MONDAY + count * WEEK
        if count == 3:
            line.until(monday - 9 * DAY, "12:00")
            line.file(SEATS + 1)
        line.until(monday - 5 * DAY, "20:01")
        assert citizen.stage == "invited"
        weeks = citizen.waited
        assert weeks
        citizen.does(Action.GIVE_UP_SEAT)
    assert (citizen.waited, given_up(line, citizen)) == (0, 0)
    line.worker.tick()
    after = deny(line, citizen)
    assert (after.waited, after.debt, given_up(line, citizen)) == (weeks, 1, 3)


def test_a_second_one_is_a_seat_given_up_like_any_other(line: Line) -> None:
    """Once a request: denying each giving-up earns no further seat."""
    citizen, _ = drawn(line, 3)
    for _ in (1, 2):
        citizen.does(Action.GIVE_UP_SEAT)
        line.worker.tick()
        if given_up(line, citizen) == 1:
            assert deny(line, citizen).debt == 1
            line.until(MONDAY - 9 * DAY + WEEK, "12:00")
            line.file(SEATS + 1)
            line.until(MONDAY + WEEK - 5 * DAY, "20:01")
            assert citizen.stage == "invited"
    assert refusal(lambda: deny(line, citizen)).key == "nothing_to_deny", "it took nothing of her"
    assert (citizen.request.debt, given_up(line, citizen)) == (1, 2)


@pytest.mark.parametrize("was_there", [True, False])
def test_a_seat_given_at_the_door_is_owed_only_to_who_was_there(
    line: Line, *, was_there: bool
) -> None:
    """Nobody can give his seat to a friend at the door and be owed another one."""
    citizen, standby, monday = with_weeks(line)
    assert citizen.request.seat is not None
    starts = datetime.combine(monday, time.fromisoformat(citizen.request.seat.time))
    line.until(monday, f"{starts - timedelta(minutes=20):%H:%M}")
    if was_there:
        types_the_code(line, citizen)
    is_there(line, standby[0])
    citizen.does(Action.GIVE_UP_SEAT)
    assert citizen.waited == 0
    line.until(monday, f"{starts - timedelta(minutes=10):%H:%M}")
    assert standby[0].stage == "confirmed"
    after = deny(line, citizen)
    assert (after.waited, after.debt) == (1, int(was_there))
    assert given_up(line, citizen) == 1


def test_weeks_taken_on_the_last_evening_come_back_when_nobody_had_the_seat(line: Line) -> None:
    """She could have taken it back until her time: it counts as given up, none is owed."""
    citizen, _, monday = with_weeks(line)
    line.until(monday - DAY, "20:30")
    citizen.does(Action.GIVE_UP_SEAT)
    line.until(monday, "12:00")
    assert citizen.waited == 0
    after = deny(line, citizen)
    assert (after.waited, after.debt, given_up(line, citizen)) == (1, 0, 1)


def test_a_closure_before_her_time_is_owed_to_her_like_to_the_others(line: Line) -> None:
    citizen, _ = drawn(line, 0)
    citizen.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY - DAY, "21:00")
    line.close()
    assert deny(line, citizen).debt == 1


def test_an_offer_refused_in_her_name_is_open_again_until_its_hour(line: Line) -> None:
    citizen, (first, _) = drawn(line, 2)
    citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    offer = first.request.seat
    first.does(Action.GIVE_UP_SEAT)
    after = back(line, first)
    assert (after.stage.value, after.seat) == ("invited", offer)
    assert offer is not None
    assert after.due_at == offer.answer_by
    first.does(Action.CONFIRM)
    assert first.stage == "confirmed"


def test_an_offer_that_went_to_the_next_is_owed(line: Line) -> None:
    citizen, (first, second) = drawn(line, 2)
    citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    weeks = first.waited
    first.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert second.stage == "invited"
    after = deny(line, first)
    assert (after.debt, after.waited, given_up(line, first)) == (1, weeks, 1)


def test_an_offer_that_nobody_else_was_asked_for_is_over_with_its_hour(line: Line) -> None:
    citizen, (only,) = drawn(line, 1)
    citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    only.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY - 3 * DAY, "12:00")
    assert refusal(lambda: back(line, only)).key == "too_late"
    assert refusal(lambda: deny(line, only)).key == "nothing_to_deny"


def test_a_withdrawal_invented_while_she_was_offered_a_seat_gives_the_offer_back(
    line: Line,
) -> None:
    citizen, (first, _) = drawn(line, 2)
    citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    first.does(Action.WITHDRAW)
    application = line.city.application
    after = application.execute_as(first.actor, undo_leaving, OneCase(code=first.code))
    assert after.stage.value == "invited"
    first.does(Action.WITHDRAW)
    line.worker.tick()
    after = application.execute_as(first.actor, undo_leaving, OneCase(code=first.code))
    assert (after.stage.value, after.debt, given_up(line, first)) == ("waiting", 1, 1)


def test_a_withdrawal_invented_beside_a_seat_that_went_on_is_owed(line: Line) -> None:
    citizen, (friend, _) = drawn(line, 2)
    weeks = citizen.waited
    citizen.does(Action.WITHDRAW)
    line.worker.tick()
    assert friend.stage == "invited"
    cost = page(line, citizen).undo_cost
    assert cost is not None
    assert cost.owed
    application = line.city.application
    after = application.execute_as(citizen.actor, undo_leaving, OneCase(code=citizen.code))
    assert (after.debt, after.waited, given_up(line, citizen)) == (1, weeks, 1)


def test_who_stays_at_home_and_undoes_it_at_the_end_is_owed_nothing(line: Line) -> None:
    """Nobody is called on this Monday: holders are owed a seat, somebody who left is not."""
    citizen, other = line.drawn(2)
    for each in (citizen, other):
        each.does(Action.CONFIRM)
    citizen.does(Action.WITHDRAW)
    line.until(MONDAY, "11:40")
    application = line.city.application
    after = application.execute_as(citizen.actor, undo_leaving, OneCase(code=citizen.code))
    assert (after.stage.value, after.seat) == ("waiting", None)
    line.until(MONDAY + DAY)
    assert line.entries("monday_not_held")
    assert (citizen.request.debt, given_up(line, citizen)) == (0, 1)
    assert other.request.debt == 1


@pytest.mark.parametrize(("at", "has_it"), [("09:09", True), ("09:10", False)])
def test_on_the_day_it_comes_back_until_ten_minutes_after_its_time(
    line: Line, at: str, *, has_it: bool
) -> None:
    citizen, _ = drawn(line, 0)
    citizen.does(Action.CONFIRM)
    citizen.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, at)
    if has_it:
        assert back(line, citizen).stage.value == "confirmed"
    else:
        assert refusal(lambda: back(line, citizen)).key == "seat_gone"


def test_it_comes_back_too_while_others_are_being_met(line: Line) -> None:
    citizens = line.drawn(2)
    first = line.held()["09:00"]
    citizen, other = sorted(citizens, key=lambda each: each.request.id != first)
    for each in (citizen, other):
        each.does(Action.CONFIRM)
    line.until(MONDAY - DAY, "20:30")
    other.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "09:00")
    line.meet(citizen)
    assert back(line, other).stage.value == "confirmed"
    line.until(MONDAY + DAY)


@pytest.mark.on_postgresql
def test_denied_twice_at_one_instant_it_counts_once(line: Line) -> None:
    citizen, _ = drawn(line, 2)
    citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    together(lambda: deny(line, citizen), lambda: deny(line, citizen))
    assert len(line.entries("taken_in")) == 1
    assert (citizen.request.debt, given_up(line, citizen)) == (1, 1)
