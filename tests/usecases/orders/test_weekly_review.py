"""The review of the last weeks' promises: the Monday of each, and its state."""

from datetime import date, timedelta

import pytest
from support.each import in_one_city
from support.hall import SERVICES, TECHNICAL, Hall
from support.line import MONDAY
from support.plans import statements_sent
from support.together import refusal

from publicmeeting.domain.orders.promises import Outcome
from publicmeeting.domain.stages import OrderAction
from publicmeeting.kit.clock import at_tehran
from publicmeeting.usecases.orders.lists import WEEKS, WeeklyReview, weekly_review
from publicmeeting.usecases.orders.steps import settle_order

O = OrderAction  # noqa: E741  (the letter of the table)
WEEK = timedelta(weeks=1)


def review(hall: Hall, last: str = "", who: str = "mayor"):
    return hall.query(who, weekly_review, WeeklyReview(last=last))


def report(hall: Hall, number: str) -> None:
    hall.step("technical", number, O.TAKE_ON)
    hall.step("technical", number, O.REPORT, note="شد.")


@pytest.fixture
def promises(hall: Hall) -> dict[Outcome, str]:
    """Outcome → an order with that outcome, all of one Monday, looked at a week later."""
    first, second, third = hall.guests
    made = {
        Outcome.KEPT: hall.met(first, TECHNICAL)[0].number,
        Outcome.LATE: hall.met(second, TECHNICAL, due_on="2026-12-01")[0].number,
    }
    hall.receive(third)
    for kind in (Outcome.SETTLED, Outcome.CONTESTED, Outcome.REPORTED, Outcome.RUNNING):
        made[kind] = hall.order(third, TECHNICAL, note=f"{kind}")[0].number
    made[Outcome.VOID] = hall.order(third, TECHNICAL, note="void")[0].number
    hall.step("mayor", made[Outcome.VOID], O.ASK_VOID, note="از آن دیگری بود.")
    hall.step("overseer", made[Outcome.VOID], O.VOID)
    made[Outcome.UPHELD] = hall.order(third, TECHNICAL, note="upheld")[0].number
    hall.finish(third)
    for kind in (
        Outcome.KEPT,
        Outcome.SETTLED,
        Outcome.CONTESTED,
        Outcome.REPORTED,
        Outcome.UPHELD,
    ):
        report(hall, made[kind])
    hall.step("technical", made[Outcome.RUNNING], O.TAKE_ON)
    first.does(made[Outcome.KEPT], O.CONFIRM_DONE)
    third.does(made[Outcome.CONTESTED], O.CONTEST, note="نشد.")
    third.does(made[Outcome.UPHELD], O.CONTEST, note="نشد.")
    hall.step("mayor", made[Outcome.UPHELD], O.UPHOLD, note="بازدید شد.")
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        settle_order(
            uow, uow.orders.get_visible(made[Outcome.SETTLED], hall.as_("mayor")).id, hall.clock()
        )
    hall.clock.set(at_tehran(MONDAY + WEEK, "08:30"))
    return made


def test_each_promise_stands_under_its_monday_as_what_it_has_become(hall, promises):
    seen = review(hall)
    assert [monday.on for monday in seen.mondays] == [MONDAY - n * WEEK for n in range(WEEKS)]
    lines = seen.mondays[0].lines
    assert {line.line.number: line.outcome for line in lines} == {
        number: kind for kind, number in promises.items()
    }
    assert [line.outcome for line in lines] == list(Outcome)
    assert all(seen.counts[kind] == 1 for kind in Outcome)
    assert [monday.lines for monday in seen.mondays[1:]] == [()] * (WEEKS - 1)


def test_a_promise_past_its_day_is_late_also_while_it_is_contested(hall, promises):
    hall.clock.set(at_tehran(MONDAY + 5 * WEEK, "08:30"))
    seen = review(hall, MONDAY.isoformat())
    became = {line.line.number: line.outcome for line in seen.mondays[0].lines}
    for kind in (Outcome.LATE, Outcome.CONTESTED, Outcome.RUNNING):
        assert became[promises[kind]] is Outcome.LATE
    for kind in (Outcome.KEPT, Outcome.SETTLED, Outcome.UPHELD, Outcome.REPORTED):
        assert became[promises[kind]] is kind


def test_one_turns_from_week_to_week_as_far_as_anything_was_promised(hall, promises):
    assert (review(hall).earlier, review(hall).later) == (None, None)
    hall.clock.set(at_tehran(MONDAY + 6 * WEEK, "08:30"))
    newest = review(hall)
    assert newest.mondays[0].on == MONDAY + 5 * WEEK
    assert (newest.earlier, newest.later) == (MONDAY + 4 * WEEK, None)
    assert sum(newest.counts.values()) == 0
    before = review(hall, (MONDAY + 3 * WEEK).isoformat())
    assert before.later == MONDAY + 4 * WEEK
    assert before.mondays[-1].on == MONDAY
    assert len(before.mondays[-1].lines) == len(promises)
    assert before.earlier is None


@pytest.mark.on_postgresql
def test_on_the_monday_itself_todays_promises_are_not_last_weeks(hall):
    hall.met(hall.guests[0], TECHNICAL, SERVICES)
    assert sum(review(hall).counts.values()) == 0
    today = review(hall, MONDAY.isoformat())
    assert len(today.mondays[0].lines) == 2
    hall.clock.forward(days=1)
    assert len(review(hall).mondays[0].lines) == 2


@in_one_city(
    "last", ["2026-12-01", "soon", (MONDAY + WEEK).isoformat(), *map(str, (date.max, date.min))]
)
def test_a_day_that_is_no_monday_or_has_not_come_is_refused(hall, last):
    assert refusal(lambda: review(hall, last)).key == "form_broken"


def test_another_districts_mayor_sees_her_own_and_nobody_else_any(hall, promises):
    assert review(hall, who="mayor4").counts == {}
    assert review(hall, who="deputy").counts == review(hall).counts
    for who in ("technical", "desk", "overseer", "reception"):
        assert refusal(lambda who=who: review(hall, who=who)).key == "not_your_role"


def test_more_promises_cost_no_more_questions(hall, promises):
    """Histories, headings and names are read for all orders at once."""
    with statements_sent(hall.application.store) as asked:
        review(hall)
    assert len(asked) < 20, "\n".join(asked)
