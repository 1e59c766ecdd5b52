"""The estimated range in which a visitor goes in.

It never begins before her time, is never shorter than five minutes, and moves later with every
visitor before her.
"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.line import MONDAY

from publicmeeting.domain.meetings.estimate import STEP, Pace, before_her, entry_range, is_within
from publicmeeting.kit.clock import at_tehran

NINE = at_tehran(MONDAY, "09:00")
SLOT = timedelta(minutes=15)
minutes = st.integers(0, 90).map(lambda n: timedelta(minutes=n))
paces = st.builds(
    Pace,
    st.integers(5, 30).map(lambda n: timedelta(minutes=n)),
    st.lists(minutes, max_size=12).map(tuple),
    st.none() | minutes,
)
instants = st.integers(0, 5 * 3600).map(lambda n: NINE + timedelta(seconds=n))
own_times = st.integers(0, 48).map(lambda n: NINE + n * STEP)
people = st.integers(0, 20)


def test_the_first_of_the_morning_is_told_her_own_time():
    found = entry_range(Pace(SLOT), 0, NINE, NINE)
    assert (found.earliest, found.likely) == (NINE, NINE)
    assert not found.is_late


def test_the_formula_by_hand():
    """Four slots, and two meetings of 21 minutes: m = 17. Three minutes inside: 14 are left.

    Two visitors are before her: 48. The spread is 17·√(3·0.3025 + 9·0.045·4/6) = 18.4 minutes.
    """
    pace = Pace(SLOT, (timedelta(minutes=21),) * 2, timedelta(minutes=3))
    assert pace.mean == timedelta(minutes=17)
    found = entry_range(pace, 2, NINE, NINE)
    assert found.likely == NINE + timedelta(minutes=48)
    assert found.earliest == NINE + timedelta(minutes=25)
    assert found.latest == NINE + timedelta(minutes=80)
    assert found.delay == (timedelta(minutes=25), timedelta(minutes=80))


def test_whoever_stays_long_does_not_make_the_next_one_due_at_once():
    assert Pace(SLOT, inside_for=timedelta(hours=1)).left == 0.35 * SLOT
    assert Pace(SLOT).left == timedelta()


@given(paces, people, own_times, instants)
def test_a_range_is_never_before_her_own_time_and_lies_on_five_minutes(pace, before, own, now):
    found = entry_range(pace, before, own, now)
    assert found.earliest >= own
    assert found.latest - found.earliest >= STEP
    assert found.earliest <= found.likely <= found.latest
    for moment in (found.earliest, found.latest):
        assert moment.timestamp() % STEP.total_seconds() == 0


@given(paces, people, own_times, instants)
def test_one_more_before_her_never_makes_it_sooner(pace, before, own, now):
    fewer, more = (entry_range(pace, n, own, now) for n in (before, before + 1))
    assert fewer.likely <= more.likely
    assert fewer.earliest <= more.earliest
    assert fewer.latest <= more.latest


@given(paces, people, own_times, instants, minutes)
def test_the_same_day_later_never_makes_it_sooner(pace, before, own, now, later):
    first, then = (entry_range(pace, before, own, at) for at in (now, now + later))
    assert first.likely <= then.likely
    assert (first.earliest, first.latest) <= (then.earliest, then.latest)


@given(paces, people, own_times, instants)
def test_nobody_is_told_an_instant_that_has_passed(pace, before, own, now):
    assert entry_range(pace, before, own, now).latest > now - STEP
    assert entry_range(pace, before, own, now).earliest > now - STEP


@given(st.lists(minutes, min_size=1, max_size=12))
def test_the_mean_lies_between_the_plan_and_the_day(lengths):
    mean = Pace(SLOT, tuple(lengths)).mean
    assert min(SLOT, *lengths) <= mean <= max(SLOT, *lengths)


def test_the_last_minute_of_a_range_belongs_to_it():
    found = entry_range(Pace(SLOT), 0, NINE, NINE)
    ends = found.earliest, found.latest
    assert is_within(*ends, found.latest + timedelta(seconds=59))
    assert not is_within(*ends, found.latest + timedelta(minutes=1))
    assert not is_within(*ends, found.earliest - timedelta(seconds=1))


def test_whoever_came_late_goes_in_after_all_others():
    times = [(False, NINE + n * SLOT) for n in range(3)]
    late = (True, NINE)
    assert before_her([*times, late], late) == 3
    assert before_her([*times, late], times[1]) == 1


def test_a_negative_number_is_an_error():
    with pytest.raises(ValueError, match="-1 people"):
        entry_range(Pace(SLOT), -1, NINE, NINE)
