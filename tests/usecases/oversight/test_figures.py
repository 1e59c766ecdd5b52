"""Figures of the districts' promises: silence is no yes, and the first due date counts."""

from datetime import timedelta

import pytest
from support.each import in_one_city
from support.hall import SERVICES, TECHNICAL, Guest, Hall
from support.line import MONDAY, Line

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.kit.clock import at_tehran
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.districts.closing import CloseMonday, close_monday
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.oversight.promises import DistrictPromises, promise_figures

O = OrderAction  # noqa: E741  (the letter of the table)
DUE = "2026-12-09"
LATER = "2026-12-22"


def figures(hall: Hall) -> DistrictPromises:
    (one,) = hall.query("overseer", promise_figures, Nothing())
    assert one.district == 6
    return one


def reported(hall: Hall, guest: Guest, unit: str = TECHNICAL) -> str:
    number = hall.met(guest, unit, due_on=DUE)[0].number
    who = "technical" if unit == TECHNICAL else "services"
    hall.step(who, number, O.TAKE_ON)
    hall.step(who, number, O.REPORT, note="انجام شد.")
    return number


def test_a_city_without_orders_has_no_figures(hall: Hall) -> None:
    assert hall.query("overseer", promise_figures, Nothing()) == ()


def test_three_ends_are_three_numbers(hall: Hall) -> None:
    confirms, silent, contests = hall.guests
    hall_numbers = [reported(hall, guest) for guest in (confirms, silent, contests)]
    confirms.does(hall_numbers[0], O.CONFIRM_DONE)
    contests.does(hall_numbers[2], O.CONTEST, note="نه.")
    hall.step("mayor", hall_numbers[2], O.UPHOLD, note="بازدید شد.")
    before = figures(hall)
    assert (before.confirmed, before.settled, before.upheld) == (1, 0, 1)
    Line(hall.city, hall.clock).until(MONDAY + timedelta(days=11))
    after = figures(hall)
    assert (after.confirmed, after.settled, after.upheld) == (1, 1, 1)
    assert (after.orders, after.measured, after.on_time) == (3, 3, 3)


def test_what_is_opened_again_has_not_ended(hall: Hall) -> None:
    guest = hall.guests[0]
    number = reported(hall, guest)
    guest.does(number, O.CONFIRM_DONE)
    guest.does(number, O.REOPEN, note="دوباره شکست.")
    promises = figures(hall)
    assert (promises.orders, promises.confirmed, promises.measured, promises.on_time) == (
        1,
        0,
        0,
        0,
    )


@pytest.mark.on_postgresql
def test_an_extension_does_not_make_a_late_report_timely(hall: Hall) -> None:
    guest = hall.guests[0]
    number = hall.met(guest, due_on=DUE)[0].number
    hall.step("technical", number, O.TAKE_ON)
    hall.step("technical", number, O.ASK_EXTENSION, note="باران", due_on=LATER)
    hall.step("mayor", number, O.EXTEND)
    assert figures(hall).measured == 0, "its first due date is still to come"
    hall.clock.forward(days=12)
    assert (figures(hall).measured, figures(hall).on_time) == (1, 0)
    hall.step("technical", number, O.REPORT, note="انجام شد.")
    assert (figures(hall).measured, figures(hall).on_time) == (1, 0)


def test_a_report_that_was_contested_does_not_count_and_one_made_anew_counts_by_its_day(
    hall: Hall,
) -> None:
    guest = hall.guests[0]
    number = reported(hall, guest)
    assert figures(hall).on_time == 1
    guest.does(number, O.CONTEST, note="نه.")
    assert figures(hall).on_time == 0
    hall.step("mayor", number, O.RETRY, due_on=LATER)
    hall.clock.forward(days=12)
    hall.step("technical", number, O.REPORT, note="این بار شد.")
    assert (figures(hall).measured, figures(hall).on_time) == (1, 0)


def test_her_two_answers_are_counted_apart(hall: Hall) -> None:
    first, second, third = hall.guests
    orders = {one: hall.met(one, SERVICES, due_on=DUE)[0].number for one in hall.guests[:2]}
    for guest, verdict in ((first, "yes"), (second, "no")):
        command = TakeStep(code=guest.code, action=Action.SAY_HEARD, verdict=verdict)
        hall.execute(guest.actor, take_step, command)
    hall.clock.forward(days=12)
    for guest, number in orders.items():
        guest.does(number, O.SAY_DONE, verdict="no")
    promises = figures(hall)
    assert (promises.heard_yes, promises.heard_no, promises.done_yes, promises.done_no) == (
        1,
        1,
        0,
        2,
    )
    assert third.orders == []


@in_one_city("who", ["mayor", "technical", "administrator"])
def test_who_said_no_cannot_be_guessed_from_small_numbers_in_the_district(
    hall: Hall, who: str
) -> None:
    with pytest.raises(Denied) as word:
        hall.query(who, promise_figures, Nothing())
    assert word.value.key == "not_your_role"


def test_what_one_administrator_closes_is_counted_for_the_overseer(line: Line) -> None:
    """One administrator may close a Monday alone; even a minute more to object takes two."""
    administrator = line.city.as_("administrator")
    app = line.city.application

    def closed() -> dict[int, int]:
        found = app.query_as(line.city.as_("overseer"), promise_figures, Nothing())
        return {promises.district: promises.closed for promises in found if promises.closed}

    assert closed() == {}
    for week in range(2):
        day = MONDAY + timedelta(weeks=week)
        command = CloseMonday(monday=day.isoformat(), district="6", reason="mayor_away")
        app.execute_as(administrator, close_monday, command)
    assert closed() == {6: 2}
    line.clock.set(at_tehran(MONDAY + timedelta(weeks=8), "10:00"))
    assert closed() == {6: 2}
    line.clock.set(at_tehran(MONDAY + timedelta(weeks=8, days=1), "10:00"))
    assert closed() == {6: 1}
