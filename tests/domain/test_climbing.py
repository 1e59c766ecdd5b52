"""When lateness climbs a level, who is notified, and what restarts its time."""

from datetime import date, timedelta

import pytest
from cases import CITIZEN, DUE_ON, MAYOR, MEETING, UNIT, issued, joined, reported, take

from publicmeeting.domain.calendar import LateIn, add_working_days
from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.lifecycle.climbing import (
    CLIMBS,
    NEWS_DAYS,
    TO_CITY_DAYS,
    TO_MAYOR_DAYS,
    Climb,
    Level,
    level_of,
    next_climb,
    standing,
)
from publicmeeting.domain.orders.promises import late_by, lateness
from publicmeeting.domain.roles import CLOCK, Actor, Grant, Role
from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.kit.clock import end_of_day, tehran_day

O, P = OrderAction, OrderStage  # noqa: E741  (columns of the table)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OVERSEER = Actor(account_id="overseer", grants=(Grant(Role.OVERSEER),))
DUE = end_of_day(DUE_ON)


def after(at, days):
    """Return 24:00 of the n-th working day after the day that ended at this instant."""
    return end_of_day(add_working_days(tehran_day(at - HOUR), days))


def in_action():
    return take(issued(), O.TAKE_ON, UNIT, ends_at=DUE)


def until(case, day, action, actor, now, **payload):
    """Take a step that names a new due date."""
    return take(
        case, action, actor, now, ends_at=end_of_day(day), due_on=day.isoformat(), **payload
    )


def climbed(case, times=9):
    """Return the order after this many climbs, each at its own instant."""
    for _ in range(times):
        climb = next_climb(case.history)
        if climb is None:
            break
        case = joined(case, advance(case, climb.action, CLOCK, climb.at))
    return case


def ladder(case):
    """Return every climb that happens if nobody acts."""
    found = []
    while (climb := next_climb(case.history)) is not None:
        assert len(found) < 10, "it climbs for ever"
        found.append((climb.action, climb.at))
        case = joined(case, advance(case, climb.action, CLOCK, climb.at))
    return found


def returned():
    return take(issued(), O.RETURN, UNIT)


def contested(now=None):
    return take(take(in_action(), O.REPORT, UNIT), O.CONTEST, CITIZEN, now)


def contested_twice():
    new = add_working_days(DUE_ON, 5)
    case = until(contested(), new, O.RETRY, MAYOR, None)
    return take(take(case, O.REPORT, UNIT), O.CONTEST, CITIZEN)


def test_nobody_acts_and_a_unit_that_should_take_on_is_late_three_times():
    assert ladder(issued()) == [
        (O.WARN_UNIT, issued().due_at),
        (O.CLIMB_TO_MAYOR, after(issued().due_at, TO_MAYOR_DAYS)),
        (O.CLIMB_TO_CITY, after(issued().due_at, TO_MAYOR_DAYS + TO_CITY_DAYS)),
    ]


def test_a_promise_past_its_due_date_climbs_from_the_due_date():
    assert ladder(in_action()) == [
        (O.WARN_UNIT, DUE),
        (O.CLIMB_TO_MAYOR, after(DUE, TO_MAYOR_DAYS)),
        (O.CLIMB_TO_CITY, after(DUE, TO_MAYOR_DAYS + TO_CITY_DAYS)),
    ]


@pytest.mark.parametrize("case", [returned(), contested()], ids=["returned", "contested"])
def test_where_the_mayor_decides_his_lateness_is_the_first_rung(case):
    assert ladder(case) == [
        (O.CLIMB_TO_MAYOR, case.due_at),
        (O.CLIMB_TO_CITY, after(case.due_at, TO_CITY_DAYS)),
    ]


def test_where_the_overseer_decides_only_the_city_can_be_late():
    case = contested_twice()
    assert ladder(case) == [(O.CLIMB_TO_CITY, case.due_at)]


@pytest.mark.parametrize("case", [reported(), take(reported(), O.CONFIRM_DONE, CITIZEN)])
def test_nothing_climbs_while_it_is_her_turn_or_over(case):
    assert next_climb(case.history) is None


def test_each_level_is_reached_once_and_the_order_of_levels_is_up():
    levels = [level_of(climbed(in_action(), times).history) for times in range(5)]
    assert levels == [Level.NONE, Level.UNIT, Level.MAYOR, Level.CITY, Level.CITY]
    assert list(CLIMBS.values()) == sorted(CLIMBS.values())


def test_a_clock_that_works_late_does_not_push_the_next_level():
    late = joined(in_action(), advance(in_action(), O.WARN_UNIT, CLOCK, DUE + 30 * HOUR))
    assert next_climb(late.history) == Climb(O.CLIMB_TO_MAYOR, after(DUE, TO_MAYOR_DAYS))


NEW = add_working_days(DUE_ON, 20)


def extended(case):
    case = take(case, O.ASK_EXTENSION, UNIT, due_on=NEW.isoformat())
    return until(case, NEW, O.EXTEND, MAYOR, None)


def answered(case):
    asked = {"was_on": DUE_ON.isoformat(), "until": (DUE_ON + 12 * DAY).isoformat()}
    case = take(
        case, O.ASK_CITIZEN, UNIT, MEETING + DAY, ends_at=end_of_day(DUE_ON + 12 * DAY), **asked
    )
    return until(case, DUE_ON + 5 * DAY, O.TELL_UNIT, CITIZEN, MEETING + 6 * DAY)


def tried_again(case):
    case = take(take(case, O.REPORT, UNIT), O.CONTEST, CITIZEN)
    return until(case, NEW, O.RETRY, MAYOR, None)


@pytest.mark.parametrize("moved", [extended, tried_again])
def test_a_new_deadline_starts_anew(moved):
    case = moved(climbed(in_action(), 2))
    assert level_of(case.history) is Level.NONE
    assert next_climb(case.history) == Climb(O.WARN_UNIT, end_of_day(NEW))


def test_while_the_citizen_is_asked_the_clock_stands_and_goes_on_with_her_answer():
    case = answered(in_action())
    asked = standing(case.history[:-1])
    assert asked.next_climb().at == end_of_day(DUE_ON + 12 * DAY)
    assert next_climb(case.history).at == end_of_day(DUE_ON + 5 * DAY)


def test_an_extension_asked_for_moves_nothing():
    case = take(in_action(), O.ASK_EXTENSION, UNIT, due_on=NEW.isoformat())
    assert next_climb(case.history) == Climb(O.WARN_UNIT, DUE)


def test_taking_on_starts_anew_as_long_as_the_promise_is_in_time():
    late = climbed(issued(), 2)
    taken = take(late, O.TAKE_ON, UNIT, ends_at=DUE)
    assert (level_of(late.history), level_of(taken.history)) == (Level.MAYOR, Level.NONE)
    assert next_climb(taken.history) == Climb(O.WARN_UNIT, DUE)


def test_handing_to_and_fro_does_not_start_anew_once_the_due_date_has_passed():
    late = climbed(issued(), 2)
    back = take(late, O.RETURN, UNIT, DUE + DAY)
    assert (back.stage, level_of(back.history)) == (P.RETURNED, Level.MAYOR)
    assert next_climb(back.history) == Climb(O.CLIMB_TO_CITY, after(back.due_at, TO_CITY_DAYS))
    again = take(back, O.REASSIGN, MAYOR, unit="d06-green_space")
    taken = take(again, O.TAKE_ON, UNIT, ends_at=DUE)
    assert level_of(taken.history) is Level.MAYOR
    assert next_climb(taken.history).action is O.CLIMB_TO_CITY


def test_lateness_is_one_number_of_the_deadline_that_has_passed_longest():
    accept_by = issued().due_at
    late = [lateness(issued(), at) for at in (accept_by - HOUR, accept_by, DUE)]
    assert [(one.days, one.of) for one in late][:2] == [(0, LateIn.WORK), (1, LateIn.TAKING_ON)]
    assert late[2].of is LateIn.TAKING_ON
    assert late[2].days == late_by(issued(), DUE) > 1
    assert lateness(in_action(), DUE).of is LateIn.WORK


ASKED = MEETING + DAY
NEWS_BY = after(end_of_day(tehran_day(ASKED)), NEWS_DAYS)


def news_asked():
    return take(in_action(), O.ASK_NEWS, CITIZEN, ASKED)


def test_a_question_that_is_not_answered_is_late_and_climbs():
    case = news_asked()
    assert [at for _, at in ladder(case)][:2] == [NEWS_BY, after(NEWS_BY, TO_MAYOR_DAYS)]
    assert late_by(case, NEWS_BY - HOUR) == 0
    assert late_by(case, NEWS_BY) == 1


@pytest.mark.parametrize("answer", [O.GIVE_NEWS, O.REPORT])
def test_an_answer_in_words_or_by_a_report_ends_it(answer):
    case = take(climbed(news_asked(), 2), answer, UNIT)
    assert level_of(case.history) is Level.NONE
    assert standing(case.history).news_by is None


def test_asking_again_does_not_put_the_first_question_off():
    again = take(news_asked(), O.ASK_NEWS, CITIZEN, ASKED + 7 * DAY)
    assert standing(again.history).news_by == NEWS_BY
    answered = take(again, O.GIVE_NEWS, UNIT)
    with pytest.raises(Exception, match="nothing_asked"):
        take(answered, O.GIVE_NEWS, UNIT)


def test_her_question_waits_while_she_is_asked_herself():
    case = take(
        news_asked(),
        O.ASK_CITIZEN,
        UNIT,
        ends_at=DUE,
        until=DUE_ON.isoformat(),
        was_on=DUE_ON.isoformat(),
    )
    assert next_climb(case.history) == Climb(O.WARN_UNIT, DUE)
    answered = until(case, DUE_ON, O.TELL_UNIT, CITIZEN, ASKED + 3 * DAY)
    by = after(end_of_day(tehran_day(ASKED + 3 * DAY)), NEWS_DAYS)
    assert next_climb(answered.history) == Climb(O.WARN_UNIT, by)


def test_her_word_that_it_is_not_done_changes_no_level():
    late = climbed(in_action(), 1)
    contested = take(late, O.SAY_DONE, CITIZEN, verdict="no")
    assert (level_of(contested.history), next_climb(contested.history)) == (
        Level.UNIT,
        next_climb(late.history),
    )


def test_a_withdrawn_report_changes_neither_lateness_nor_her_question_nor_punctuality():
    late = climbed(news_asked(), 2)
    withdrawn = take(take(late, O.REPORT, UNIT), O.WITHDRAW_REPORT, UNIT, ends_at=late.due_at)
    before, after = standing(late.history), standing(withdrawn.history)
    assert (after.level, after.news_by, after.on_time) == (Level.MAYOR, before.news_by, None)
    assert next_climb(withdrawn.history) == next_climb(late.history)


def test_a_reopened_order_has_the_mayor_late_first_and_the_city_the_second_time():
    once = take(take(reported(), O.CONFIRM_DONE, CITIZEN), O.REOPEN, CITIZEN)
    assert ladder(once)[0] == (O.CLIMB_TO_MAYOR, once.due_at)
    upheld = take(contested_twice(), O.UPHOLD, OVERSEER)
    thrice = take(upheld, O.REOPEN, CITIZEN)
    assert ladder(thrice) == [(O.CLIMB_TO_CITY, thrice.due_at)]


def test_events_that_do_not_begin_with_an_issue_are_none_of_an_order():
    with pytest.raises(ValueError, match="issue"):
        standing(in_action().history[1:])
    assert standing(in_action().history).first_due_on == date(2026, 12, 21)
