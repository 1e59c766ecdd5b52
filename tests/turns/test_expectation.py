"""The expected Monday, compared with arithmetic by hand and with simulated lines."""

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pools import a_row, any_pool, any_rules, any_seats, any_seed, rules
from support.each import for_each

from publicmeeting.kit.hashing import sha
from publicmeeting.turns.expectation import (
    Expectation,
    Group,
    expected_mondays,
    place_in_list,
)
from publicmeeting.turns.rule import assign_seats

NEVER = Fraction(0)


@for_each(
    [
        (0, 0, [3, 3], {}, (0, 0, 0, 0)),
        (3, 0, [3, 3], {}, (1, 1, 1, 1)),
        (2, 0, [3, 3], {}, (0, 0, 0, 0)),
        (0, 8, [3, 3, 3], {}, (0, 1, 2, 2)),
        (0, 9, [3, 3, 3], {}, (0, 1, None, None)),
        (0, 0, [0, 0, 4], {}, (2, 2, 2, 2)),
        (0, 0, [], {}, (None, None, None, None)),
        # Fourteen before, eight equal, four seats: plain division gives the fifth Monday.
        (14, 8, [4] * 12, {"lanes": 2}, (3, 4, 11, 5)),
        (14, 8, [4] * 12, {"lanes": 2, "used": Fraction(7, 22 * 8)}, (3, 4, 11, 5)),
        (14, 8, [4] * 12, {"lanes": 2, "used": Fraction(1)}, (3, 6, 11, 7)),
        (14, 8, [4] * 12, {"lanes": 2, "used": Fraction(9)}, (3, 9, 11, 11)),
        (4, 2, [4, 4, 4], {"lanes": 2}, (1, 1, None, 1)),
        (4, 1, [4, 4, 4], {"lanes": 2}, (1, 1, 2, 1)),
        (0, 0, [2, 2], {"lanes": 2}, (0, 0, None, 0)),
        # A closed list of five and four seats: one before, three equal.
        (1, 3, [4, 4], {"lanes": 2, "first": (0, 0)}, (0, 0, 1, 1)),
        (1, 3, [4, 4], {"lanes": 2, "first": (1, 1)}, (0, 0, 1, 1)),
        (1, 3, [4, 4], {"lanes": 2, "first": (0, 2)}, (0, 1, None, 1)),
        # Only those ahead can use the Mondays before the one she can join.
        (0, 0, [9, 1], {"joins": 1}, (1, 1, 1, 1)),
        (10, 1, [9, 1, 1, 1], {"joins": 1}, (2, 2, 3, 3)),
    ]
)
def test_the_range_is_the_one_counted_by_hand(ahead, equal, seats, others, expected):
    assert expected_mondays(ahead, equal, seats, **others) == Expectation(*expected)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 12), st.integers(0, 4))
def test_the_likely_monday_is_the_one_anybody_reckons_from_the_numbers(ahead, equal, seats, lanes):
    """Unless lanes use seats: half of the equal rows come before her, each seat serves one."""
    found = expected_mondays(ahead, equal, [seats] * 200, lanes=min(lanes, seats - 1))
    assert found.earliest <= found.likely <= found.latest_usual <= found.latest
    assert found.likely == int((ahead + equal / 2) // seats)


@given(any_pool, any_rules, any_seats, st.integers(0, 10**6), any_seed)
def test_a_frozen_list_says_no_more_than_its_draw_can_do(pool, rules, seats, which, seed):
    """If it says this Monday at the latest, every draw seats her; if later, no draw does."""
    if not pool:
        return
    she = pool[which % len(pool)]
    groups = Counter(Group(row.debt, row.waited, row.lane) for row in pool)
    place = place_in_list(groups, rules.lanes, Group(she.debt, she.waited, she.lane))
    found = expected_mondays(
        place.ahead, place.equal, [len(seats)] + [99] * 9, first=(place.least, place.most)
    )
    sits = she.ticket not in assign_seats(pool, seats, rules, seed).standby
    assert sits or found.latest > 0
    by_lane_alone = she.lane in rules.lanes and not she.debt
    assert not sits or found.earliest == 0 or by_lane_alone


@pytest.mark.parametrize("wrong", [(-1, 0, [1]), (0, -1, [1]), (0, 0, [-1])])
def test_counts_below_zero_are_refused(wrong):
    with pytest.raises(ValueError):
        expected_mondays(*wrong)


def run(seed, used=NEVER):
    """Simulate a growing line; return when `she` was seated and what she was told."""
    rng = random.Random(seed)
    seats = [rng.randint(2, 6) for _ in range(40)]
    numbers = iter(range(10**6))
    pool = [a_row(next(numbers), waited=rng.randint(0, 3)) for _ in range(rng.randint(0, 30))]
    she = a_row(next(numbers), waited=rng.randint(0, 3))
    ahead = sum(row.waited > she.waited for row in pool)
    equal = sum(row.waited == she.waited for row in pool)
    expected = expected_mondays(ahead, equal, seats, lanes=2, used=used)
    pool.append(she)
    for index, count in enumerate(seats):
        times = [f"{9 + n // 4:02d}:{n % 4 * 15:02d}" for n in range(count)]
        outcome = assign_seats(pool, times, rules(), sha("run", str(seed), str(index)))
        if she.ticket not in outcome.standby:
            return index, expected
        left = set(outcome.standby)
        pool = [replace(row, waited=row.waited + 1) for row in pool if row.ticket in left]
        lanes = rng.choices(("general", "access", "urgent"), (6, 1, 1), k=rng.randint(0, 6))
        pool += [a_row(next(numbers), lane=lane) for lane in lanes]
    return None, expected


def test_who_waits_to_the_end_is_seated_inside_the_range_she_was_told():
    for seed in range(150):
        index, expected = run(seed)
        assert expected.earliest <= index
        if expected.latest is not None:
            assert index <= expected.latest


def test_at_least_half_are_seated_by_the_likely_monday():
    runs = [run(seed, used=Fraction(3, 4)) for seed in range(150)]
    by_likely = sum(expected.likely is None or index <= expected.likely for index, expected in runs)
    assert by_likely >= 75
