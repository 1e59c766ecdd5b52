"""A free seat that was offered to nobody is named, but not if the clock was away.

After each of these tests the auditors read the log (`conftest.line`).
"""

from datetime import datetime, timedelta

from support.line import DISTRICT, MONDAY, Citizen, Line

from publicmeeting.domain.stages import Action
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.line.objections.undoing import undo_leaving
from publicmeeting.usecases.line.offers import standby_asked_key
from publicmeeting.usecases.meetings.in_hall.standby import Standby, note_present

DAY = timedelta(days=1)
SEATS = 8


def drawn(line: Line, more: int) -> tuple[list[Citizen], list[Citizen]]:
    """Return holders of seats of the first Monday, and the standby in order."""
    people = line.drawn(SEATS + more)
    by_ticket = {person.request.ticket: person for person in people}
    standby = [by_ticket[ticket] for ticket in line.draw().file["standby"]]
    return [person for person in people if person not in standby], standby


def mark_asked(line: Line, now: datetime) -> None:
    """Mark that all of the standby were asked, as a fault of the program would."""
    with line.city.application.store.unit_of_work(now) as uow:
        uow.clockwork.mark_done(standby_asked_key(DISTRICT, MONDAY), now)


def comes(line: Line, citizen: Citizen) -> None:
    command = Standby(code=citizen.code, identity=citizen.identity)
    line.city.application.execute_as(line.city.as_("reception"), note_present, command)


def one_leaves(line: Line, seated: list[Citizen]) -> None:
    seated[0].does(Action.GIVE_UP_SEAT)
    for citizen in seated[1:]:
        citizen.does(Action.CONFIRM)


def test_the_last_of_the_standby_is_not_seated_behind_the_first_ones_back(line: Line) -> None:
    line.expected.add("not_offered")
    seated, (*_, friend) = drawn(line, 3)
    mark_asked(line, line.clock.now)
    line.until(MONDAY - 4 * DAY, "10:00")
    one_leaves(line, seated)
    line.until(MONDAY, "08:30")
    comes(line, friend)
    line.until(MONDAY, "11:00")
    assert friend.stage == "confirmed"
    assert not line.entries("offered")


def test_a_seat_that_stays_empty_and_was_offered_to_nobody_is_named(line: Line) -> None:
    line.expected.add("not_offered")
    seated, _ = drawn(line, 3)
    mark_asked(line, line.clock.now)
    line.until(MONDAY - 4 * DAY, "10:00")
    one_leaves(line, seated)
    line.until(MONDAY, "10:00")
    line.meet(seated[1])
    line.until(MONDAY + DAY)
    assert line.entries("monday_ended")


def test_a_clock_that_was_away_until_the_meeting_has_passed_nobody_over(line: Line) -> None:
    line.expected.add("opened_late")  # the Monday three weeks ahead
    seated, (_, second) = drawn(line, 2)
    line.until(MONDAY - 2 * DAY, "10:00")
    one_leaves(line, seated)
    line.sleep_until(MONDAY, "08:00")
    line.worker.tick()
    assert not line.entries("offered")
    comes(line, second)
    line.until(MONDAY, "09:00")
    line.meet(seated[1])
    line.until(MONDAY, "11:00")
    assert second.stage == "confirmed"
    line.until(MONDAY + DAY)


def test_a_seat_given_up_at_the_last_minute_of_the_offers_is_nobodys_fault(line: Line) -> None:
    seated, (first, _) = drawn(line, 2)
    for citizen in seated:
        citizen.does(Action.CONFIRM)
    line.until(MONDAY - DAY, "19:55")
    seated[0].does(Action.GIVE_UP_SEAT)
    line.sleep_until(MONDAY - DAY, "20:05")
    line.until(MONDAY, "09:00")
    assert first.stage == "waiting"
    line.meet(seated[1])
    line.until(MONDAY + DAY)
    assert not line.entries("offered")


def test_whoever_comes_back_once_all_were_asked_is_asked_before_a_seat_is_free_to_all(
    line: Line,
) -> None:
    seated, (first, second, third) = drawn(line, 3)
    line.until(MONDAY - 4 * DAY, "10:00")
    first.does(Action.WITHDRAW)
    one_leaves(line, seated)
    for citizen in (second, third):
        line.worker.tick()
        citizen.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    line.city.application.execute_as(first.actor, undo_leaving, OneCase(code=first.code))
    line.worker.tick()
    assert first.stage == "invited"
    line.until(MONDAY, "09:00")
    line.meet(seated[1])
    line.until(MONDAY + DAY)
