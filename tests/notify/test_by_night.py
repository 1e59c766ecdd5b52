"""News that changes where somebody must be the next morning is sent at night too."""

from datetime import timedelta

import pytest
from support.line import MONDAY, Citizen, Line

from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran, in_tehran
from publicmeeting.notify.outbox import by_day, deliver
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.line.objections.undoing import take_seat_back
from publicmeeting.usecases.meetings.day_place import PlaceSet, SetDayPlace, set_day_place
from publicmeeting.usecases.tracking.my_page import my_page

SUNDAY, WEEK = MONDAY - timedelta(days=1), timedelta(weeks=1)


def confirmed(line: Line) -> list[Citizen]:
    citizens = line.drawn(3)
    for citizen in citizens:
        citizen.does(Action.CONFIRM)
    return citizens


def move(line: Line) -> PlaceSet:
    place = SetDayPlace(place="سرای محلهٔ یوسف‌آباد")
    return line.city.application.execute_as(line.city.as_("mayor"), set_day_place, place)


def first_sent(line: Line) -> str:
    """Return day and hour at which the next message is sent."""
    for _ in range(12 * 12):
        if deliver(line.city.application, line.clock.now):
            at = in_tehran(line.clock.now)
            return f"{(at.date() - SUNDAY).days} {at:%H:%M}"
        line.clock.forward(minutes=5)
    return ""


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize(
    ("what", "day", "hour", "sent"),
    [
        ("moved", 0, "22:15", "0 22:{:02d}"),
        ("moved", 1, "00:30", "1 06:00"),
        ("closed", 1, "00:30", "1 06:00"),
        ("closed", 1, "06:40", "1 06:{:02d}"),
    ],
)
def test_whoever_would_set_out_for_nothing_is_told_before(
    line: Line, what: str, day: int, hour: str, sent: str
) -> None:
    confirmed(line)
    line.until(SUNDAY + timedelta(days=day), hour)
    minutes = int(hour[3:])
    if what == "moved":
        assert (move(line).notified_at is not None) is (hour == "00:30"), "the mayor reads when"
        minutes += 5
    else:
        line.close()
    assert first_sent(line) == sent.format(minutes)


def test_nobody_is_woken_for_a_monday_that_is_not_the_morning_s(line: Line) -> None:
    confirmed(line)
    line.until(SUNDAY - timedelta(days=1), "22:15")
    notified_at = move(line).notified_at
    assert notified_at == at_tehran(SUNDAY, "08:00")
    line.close()
    assert first_sent(line) == "0 08:00"


@pytest.mark.on_postgresql
def test_what_she_was_to_read_before_comes_before_and_nobody_else_is_woken(line: Line) -> None:
    """Otherwise she would read at eight that her seat is valid, after a cancellation at ten."""
    citizen, *_ = citizens = confirmed(line)
    line.until(SUNDAY, "22:05")
    citizen.does(Action.GIVE_UP_SEAT)
    line.city.application.execute_as(citizen.actor, take_seat_back, OneCase(code=citizen.code))
    (later,) = line.file(1)
    line.close()
    assert deliver(line.city.application, line.clock.now) == len(citizens) + 2
    with line.reading() as uow:
        mine = uow.outbox.of_request(citizen.request.id, "citizen")
        hers = uow.outbox.of_request(later.request.id, "citizen")
    assert {notice.state for notice in mine} == {"sent"}
    assert {notice.state for notice in hers} == {"waiting"}
    assert deliver(line.city.application, line.clock.now) == 0


def test_her_page_says_when_it_comes(line: Line) -> None:
    citizen, *_ = confirmed(line)
    line.until(MONDAY, "01:00")
    line.close()
    notice = line.city.application.query_as(citizen.actor, my_page, Nothing()).notices[0]
    assert (notice.next_at, notice.by_night) == (at_tehran(MONDAY, "06:00"), True)


@pytest.mark.parametrize(
    ("day", "hour", "sent"), [(0, "22:30", (0, "22:30")), (1, "00:00", (1, "06:00"))]
)
def test_what_keeps_her_at_home_may_wake_her(day: int, hour: str, sent: tuple[int, str]) -> None:
    at = at_tehran(SUNDAY + timedelta(days=day), hour)
    expected = at_tehran(SUNDAY + timedelta(days=sent[0]), sent[1])
    assert by_day(at, Action.CANCEL_MONDAY.value, MONDAY) == expected
    assert by_day(at, Action.CANCEL_MONDAY.value, MONDAY + WEEK) == at_tehran(MONDAY, "08:00")
    assert by_day(at, Action.CONFIRM.value, MONDAY) == at_tehran(MONDAY, "08:00")
