"""A late Monday: one message at twenty minutes of delay, another after twenty more."""

from datetime import datetime, timedelta

import pytest
from support.hall import Guest, Hall
from support.line import DISTRICT, MONDAY, due

from publicmeeting.domain.lifecycle.notices import Delivery, Timely
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.notify.outbox import deliver
from publicmeeting.notify.wording import about, notice_text
from publicmeeting.store.lifecycle.outbox import Notice
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.meetings.coming.reminders import days_on, lateness_due, warn_late


def at(hall: Hall, clock: str) -> None:
    hall.clock.set(at_tehran(MONDAY, clock))


def run(hall: Hall) -> None:
    with hall.application.store.unit_of_work(hall.clock.now) as uow:
        warn_late(uow, DISTRICT, MONDAY, hall.clock.now)


def messages(hall: Hall, guest: Guest) -> list[Notice]:
    with hall.reading() as uow:
        found = uow.outbox.of_request(guest.request.id, "citizen")
    return [one for one in found if one.action == Timely.LATENESS]


@pytest.mark.on_postgresql
def test_who_waits_is_written_to_once_at_twenty_minutes_and_again_at_forty(hall: Hall) -> None:
    first, second, third = hall.guests
    for guest in (first, second, third):
        hall.arrive(guest)
    hall.act("mayor", first, Action.CALL_IN)
    at(hall, "09:20")
    run(hall)
    assert not messages(hall, third), "the third goes in about 9:40"
    at(hall, "09:31")
    for _ in range(2):
        run(hall)
    (notice,) = messages(hall, second)
    assert (notice.delay.minutes, notice.state) == (21, Delivery.WAITING)
    assert not messages(hall, first), "who is in the room is not written to"
    at(hall, "09:49")
    run(hall)
    assert len(messages(hall, second)) == 1
    at(hall, "09:51")
    run(hall)
    assert [message.delay.minutes for message in messages(hall, second)] == [21, 41]


def test_the_message_says_the_new_hours(hall: Hall) -> None:
    second = hall.guests[1]
    hall.receive(hall.guests[0])
    hall.arrive(second)
    at(hall, "09:31")
    run(hall)
    (notice,) = messages(hall, second)
    with hall.reading() as uow:
        text = notice_text(about(uow, notice, notice.at))
    assert text.title == "ملاقات‌های امروز دیرتر از برنامه است"
    assert "حدود ۹:۳۰ تا ۹:۵۰ به اتاق می‌روید." in text.text
    assert "پیش از ۹:۳۰ در سالن باشید." in text.sms


def next_late(uow: UnitOfWork, hall: Hall) -> datetime:
    day = uow.city.monday(DISTRICT, MONDAY)
    assert day is not None
    found = lateness_due(uow, day, hall.clock.now)
    assert found is not None
    return found


def test_the_clock_knows_when_the_next_one_is_to_be_written_to(hall: Hall) -> None:
    for guest in hall.guests:
        hall.arrive(guest)
    with hall.reading() as uow:
        when = next_late(uow, hall)
        assert due(uow, hall.clock.now) <= when
    assert when == at_tehran(MONDAY, "09:20"), "nobody has been called in: all are late together"
    at(hall, "09:20")
    run(hall)
    assert [len(messages(hall, guest)) for guest in hall.guests] == [1, 1, 1]
    with hall.reading() as uow:
        when = next_late(uow, hall)
    assert when == at_tehran(MONDAY, "09:40")


def test_who_is_absent_or_has_not_confirmed_is_not_written_to(hall: Hall) -> None:
    first, second, third = hall.guests
    hall.arrive(third)
    at(hall, "09:02")
    for _ in range(2):
        hall.act("reception", first, Action.CALL)
    at(hall, "09:12")
    hall.act("reception", first, Action.NO_SHOW)
    at(hall, "09:55")
    run(hall)
    assert not messages(hall, first)
    assert not messages(hall, second), "ten minutes after her time nobody expects her any more"
    assert len(messages(hall, third)) == 1
    with hall.reading() as uow:
        hall.clock.set(at_tehran(MONDAY + timedelta(days=1), "09:00"))
        assert not days_on(uow, hall.clock.now)


def test_a_message_for_a_minute_that_is_over_is_not_sent(hall: Hall) -> None:
    second = hall.guests[1]
    hall.receive(hall.guests[0])
    hall.arrive(second)
    at(hall, "09:31")
    run(hall)
    hall.act("reception", second, Action.CALL)
    deliver(hall.application, at_tehran(MONDAY, "09:47"))
    with hall.reading() as uow:
        found = uow.outbox.of_request(second.request.id, "citizen")
    states = {one.action: one.state for one in found}
    assert states[Timely.LATENESS.value] == Delivery.SHOWN
    assert states[Action.CALL.value] == Delivery.SHOWN
    assert states[Action.CONFIRM.value] == Delivery.SENT
