"""The clock takes lateness up: once a level, with one notice to those whom the rows name."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from support.hall import Guest, Hall
from support.line import MONDAY, Line

from publicmeeting.domain.lifecycle.climbing import CLIMBS, Level, next_climb
from publicmeeting.domain.roles import COMMAND_LINE, Role
from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.kit.clock import at_tehran, end_of_day
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.orders.lists import OrdersList, orders_list
from publicmeeting.usecases.orders.pages import OneOrder, open_order
from publicmeeting.usecases.orders.steps import climb_order
from publicmeeting.usecases.oversight.books import Checkup, examine
from publicmeeting.usecases.tracking.timeline import timeline_page

O = OrderAction  # noqa: E741  (the letter of the table)
DUE = date(2026, 12, 2)
"""Two working days after the meeting; by then the unit should also have taken the order on."""
TO_MAYOR, TO_CITY = date(2026, 12, 7), date(2026, 12, 14)
"""Three working days after `DUE`, and five after those."""
DAY = timedelta(days=1)


@pytest.fixture
def number(hall: Hall, guest: Guest) -> str:
    """Number of an order that nobody takes on."""
    return hall.met(guest, due_on=DUE.isoformat())[0].number


def lives_until(hall: Hall, day: date, clock: str = "00:01") -> None:
    Line(hall.city, hall.clock).until(day, clock)


def climbs(guest: Guest) -> list[tuple[OrderAction, object]]:
    return [(event.action, event.at) for event in guest.orders[0].history if event.action in CLIMBS]


def notices_of(hall: Hall, guest: Guest) -> Counter[tuple[str, str]]:
    """Count (action, role) of every notice about lateness."""
    with hall.reading() as uow:
        notices = [n for role in Role for n in uow.outbox.of_request(guest.request.id, role.value)]
    return Counter((n.action, n.role) for n in notices if n.action in set(CLIMBS))


EACH_ONCE = {
    **dict.fromkeys([("warn_unit", who) for who in ("citizen", "unit")], 1),
    **dict.fromkeys([("climb_to_mayor", w) for w in ("citizen", "unit", "mayor", "deputy")], 1),
    **dict.fromkeys([("climb_to_city", w) for w in ("citizen", "mayor", "deputy", "overseer")], 1),
}


def test_unit_then_mayor_then_city_each_at_its_time_and_told_once(
    hall: Hall, guest: Guest, number: str
) -> None:
    lives_until(hall, DUE, "23:59")
    assert climbs(guest) == []
    lives_until(hall, TO_CITY + 2 * DAY)
    assert climbs(guest) == [
        (O.WARN_UNIT, end_of_day(DUE)),
        (O.CLIMB_TO_MAYOR, end_of_day(TO_MAYOR)),
        (O.CLIMB_TO_CITY, end_of_day(TO_CITY)),
    ]
    assert notices_of(hall, guest) == EACH_ONCE
    order = guest.orders[0]
    assert (order.number, order.stage, order.climbs_at) == (number, OrderStage.ISSUED, None)


def test_everybody_sees_the_same_level(hall: Hall, guest: Guest, number: str) -> None:
    lives_until(hall, TO_MAYOR + DAY)
    hers = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    mayors = hall.query("mayor", orders_list, OrdersList(which="late"))
    units = hall.query("technical", orders_list, OrdersList(which="late"))
    lines = (hers.orders[0].line, *mayors.lines, *units.lines)
    assert [(line.number, line.level) for line in lines] == [(number, Level.MAYOR)] * 3
    officials = hall.execute("overseer", open_order, OneOrder(number=number)).marks
    for marks in (hers.marks, officials):
        assert [m.action for m in marks if m.action in CLIMBS] == [O.WARN_UNIT, O.CLIMB_TO_MAYOR]


def test_whoever_comes_second_finds_the_level_reached(
    hall: Hall, guest: Guest, number: str
) -> None:
    hall.clock.set(at_tehran(DUE + DAY, "10:00"))
    order_id = guest.orders[0].id
    for _ in range(2):
        with hall.application.store.unit_of_work(hall.clock()) as uow:
            climb_order(uow, order_id, hall.clock())
    assert [action for action, _ in climbs(guest)] == [O.WARN_UNIT]
    assert guest.orders[0].climbs_at == end_of_day(TO_MAYOR)


def test_a_machine_that_was_off_takes_every_level_it_missed_in_order(
    hall: Hall, guest: Guest, number: str
) -> None:
    hall.clock.set(at_tehran(TO_CITY + DAY, "09:00"))
    for _ in range(3):
        hall.application.worker.tick()
    assert [action for action, _ in climbs(guest)] == list(CLIMBS)
    assert notices_of(hall, guest) == EACH_ONCE


def test_a_step_in_time_writes_the_next_instant(hall: Hall, guest: Guest) -> None:
    number = hall.met(guest, due_on="2026-12-16")[0].number
    assert guest.orders[0].climbs_at == end_of_day(DUE)
    assert hall.step("technical", number, O.TAKE_ON).climbs_at == end_of_day(date(2026, 12, 16))
    reported = hall.step("technical", number, O.REPORT, note="انجام شد.")
    assert reported.climbs_at is None
    contested = guest.does(number, O.CONTEST, note="نیمه‌کاره است.")
    assert contested.climbs_at == contested.due_at
    retried = hall.step("mayor", number, O.RETRY, due_on="2026-12-20")
    assert retried.climbs_at == end_of_day(date(2026, 12, 20))


def test_a_mayor_who_does_not_decide_is_late_himself(hall: Hall, guest: Guest) -> None:
    number = hall.met(guest)[0].number
    returned = hall.step("technical", number, O.RETURN, note="کار واحد دیگری است.")
    assert returned.climbs_at == end_of_day(DUE)
    lives_until(hall, DUE + DAY)
    assert climbs(guest) == [(O.CLIMB_TO_MAYOR, end_of_day(DUE))]
    assert guest.orders[0].climbs_at == end_of_day(date(2026, 12, 9))


def test_a_question_nobody_answers_is_late_for_everybody_and_climbs(
    hall: Hall, guest: Guest
) -> None:
    number = hall.met(guest)[0].number
    hall.step("technical", number, O.TAKE_ON)
    guest.does(number, O.ASK_NEWS, note="چه شد؟")
    lives_until(hall, MONDAY + 8 * DAY)
    assert climbs(guest) == [(O.WARN_UNIT, end_of_day(MONDAY + 7 * DAY))]
    late = hall.query("mayor", orders_list, OrdersList(which="late")).lines
    assert [(line.number, line.late_days, line.level) for line in late] == [(number, 1, Level.UNIT)]
    page = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    assert [mark.late_days for mark in page.marks if mark.state == "now"] == [1]
    answered = hall.step("technical", number, O.GIVE_NEWS, note="شنبه آغاز می‌کنیم.")
    assert answered.climbs_at == end_of_day(answered.due_on)
    assert hall.query("mayor", orders_list, OrdersList(which="late")).lines == ()


@pytest.mark.on_postgresql
def test_an_order_from_before_climbing_gets_its_instant_from_its_history(
    hall: Hall, guest: Guest, number: str
) -> None:
    with hall.application.store.engine.begin() as connection:
        connection.execute(text("UPDATE mayor_order SET climbs_at = issued_at"))
    hall.application.worker.tick()
    order = guest.orders[0]
    assert climbs(guest) == []
    assert order.climbs_at == next_climb(order.history).at == end_of_day(DUE)


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("climbs_at", None, "next climb"),
        ("due_on", "2027-01-05", "due date"),
        ("first_due_on", "2027-01-05", "first due date"),
    ],
)
def test_a_deadline_moved_by_hand_is_found(
    hall: Hall, number: str, column: str, value: str | None, what: str
) -> None:
    with hall.application.store.engine.begin() as connection:
        connection.execute(text(f"UPDATE mayor_order SET {column} = :value"), {"value": value})
    found = hall.application.query_as(COMMAND_LINE, examine, Checkup())
    (finding,) = [finding for examined in found for finding in examined.findings]
    assert finding.where == f"order {number}"
    assert finding.what.startswith(f"its {what} is ")
