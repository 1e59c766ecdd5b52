"""An outage at the end of a deadline makes neither unit nor mayor late."""

from datetime import datetime, timedelta

import pytest
from support.hall import SERVICES, TECHNICAL, Hall

from publicmeeting.domain.calendar import add_working_days
from publicmeeting.domain.lifecycle.climbing import level_of
from publicmeeting.domain.records import Order
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import OrderAction
from publicmeeting.kit.clock import end_of_day
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.lifecycle.outages import RUNNING
from publicmeeting.usecases.oversight.promises import DistrictPromises, promise_figures
from publicmeeting.usecases.oversight.rows import promises_match

O = OrderAction  # noqa: E741  (the letter of the table)
HOUR = timedelta(hours=1)


def order_of(hall: Hall, number: str) -> Order:
    with hall.reading() as uow:
        return uow.orders.get_visible(number, hall.as_("mayor"))


def taken_on(hall: Hall) -> tuple[str, datetime]:
    """Return an order under way, and the end of its due date."""
    number = hall.met(hall.guests[0], TECHNICAL)[0].number
    hall.step("technical", number, O.TAKE_ON)
    return number, end_of_day(order_of(hall, number).due_on)


def lives_until(hall: Hall, at: datetime) -> None:
    """Run the city without a break until this instant."""
    hall.clock.set(at)
    with hall.application.store.unit_of_work(at) as uow:
        uow.clockwork.mark_done(RUNNING, at)
    hall.application.worker.tick()


def is_away(hall: Hall, since: datetime, until: datetime, *, comes_back: bool = True) -> None:
    worker = hall.application.worker
    lives_until(hall, since)
    hall.clock.set(until)
    if comes_back:
        worker.note_running()
        worker.tick()


def figures(hall: Hall) -> DistrictPromises:
    (found,) = hall.query("overseer", promise_figures, Nothing())
    return found


@pytest.mark.on_postgresql
@pytest.mark.parametrize("first", ["clock", "page"])
def test_a_report_on_the_day_after_an_outage_is_in_time_for_everybody(
    hall: Hall, first: str
) -> None:
    """Also if pages are served before the clock has run."""
    number, due = taken_on(hall)
    was = order_of(hall, number).due_on
    is_away(hall, due - 16 * HOUR, due + 8 * HOUR, comes_back=first == "clock")
    order = hall.step("technical", number, O.REPORT, note="شد.")
    assert [order.count(action) for action in (O.GIVE_DAYS_BACK, O.WARN_UNIT)] == [1, 0]
    later = add_working_days(was, 1)
    assert (order.due_on, order.first_due_on) == (later, later)
    hall.clock.set(end_of_day(later) + HOUR)
    assert (figures(hall).on_time, figures(hall).measured) == (1, 1)
    with hall.reading() as uow:
        assert list(promises_match(uow, hall.clock())) == []
        for role in (Role.UNIT, Role.CITIZEN):  # a promised day is not moved in silence
            told = uow.outbox.of_request(hall.guests[0].request.id, role.value)
            assert [one.action for one in told].count(O.GIVE_DAYS_BACK.value) == 1


def test_what_was_given_back_ends_and_the_unit_is_late_by_it(hall: Hall) -> None:
    number, due = taken_on(hall)
    is_away(hall, due - 16 * HOUR, due + 8 * HOUR)
    assert level_of(order_of(hall, number).history) == 0
    lives_until(hall, end_of_day(order_of(hall, number).due_on))
    order = hall.step("technical", number, O.REPORT, note="شد.")
    assert [order.count(action) for action in (O.GIVE_DAYS_BACK, O.WARN_UNIT)] == [1, 1]
    assert (figures(hall).on_time, figures(hall).measured) == (0, 1)


@pytest.mark.parametrize(
    ("since", "until"), [(-16, -2), (-40, -20)], ids=["two hours left", "before"]
)
def test_a_unit_that_could_have_reported_is_late(hall: Hall, since: int, until: int) -> None:
    number, due = taken_on(hall)
    is_away(hall, due + since * HOUR, due + until * HOUR)
    lives_until(hall, due + 10 * HOUR)
    order = order_of(hall, number)
    assert [order.count(action) for action in (O.GIVE_DAYS_BACK, O.WARN_UNIT)] == [0, 1]


def test_the_time_to_take_an_order_on_is_given_back_and_its_due_date_stays(hall: Hall) -> None:
    number = hall.met(hall.guests[0], TECHNICAL)[0].number
    order = order_of(hall, number)
    due_at, due_on = order.due_at, order.due_on
    assert due_at is not None
    is_away(hall, due_at - 4 * HOUR, due_at + 6 * HOUR)
    order = order_of(hall, number)
    assert [order.count(action) for action in (O.GIVE_DAYS_BACK, O.WARN_UNIT)] == [1, 0]
    assert (order.due_at, order.due_on) == (due_at + 10 * HOUR, due_on)


def test_the_mayors_time_to_decide_a_contest_is_given_back(hall: Hall) -> None:
    number, _ = taken_on(hall)
    hall.step("technical", number, O.REPORT, note="شد.")
    contested = hall.guests[0].does(number, O.CONTEST, note="نشد.")
    assert contested.due_at is not None
    is_away(hall, contested.due_at - 4 * HOUR, contested.due_at + 6 * HOUR)
    order = order_of(hall, number)
    assert [order.count(action) for action in (O.GIVE_DAYS_BACK, O.CLIMB_TO_MAYOR)] == [1, 0]
    lives_until(hall, contested.due_at + 10 * HOUR)
    assert order_of(hall, number).count(O.CLIMB_TO_MAYOR) == 1


def test_her_question_waits_for_the_unit_as_much_longer(hall: Hall) -> None:
    number = hall.met(hall.guests[0], SERVICES, due_on="2026-12-29")[0].number
    hall.step("services", number, O.TAKE_ON)
    lives_until(hall, hall.clock() + 8 * 24 * HOUR)
    hall.guests[0].does(number, O.ASK_NEWS, note="چه شد؟")
    by = order_of(hall, number).climbs_at
    assert by is not None
    is_away(hall, by - 4 * HOUR, by + 6 * HOUR)
    order = order_of(hall, number)
    assert [order.count(action) for action in (O.GIVE_DAYS_BACK, O.WARN_UNIT)] == [1, 0]
    assert order.climbs_at is not None
    assert order.climbs_at >= by + 10 * HOUR
    with hall.reading() as uow:
        told = uow.outbox.of_request(hall.guests[0].request.id, Role.CITIZEN.value)
    assert O.GIVE_DAYS_BACK.value not in {one.action for one in told}, "her day is the same"
