"""The expected Monday, against arithmetic by hand and against lines that really run."""

import random
from dataclasses import replace

import pytest
from pools import a_row, rules

from publicmeeting.kit.hashing import sha
from publicmeeting.turns.expectation import Expectation, expected_mondays
from publicmeeting.turns.rule import give


@pytest.mark.parametrize(
    ("ahead", "equal", "seats", "others", "expected"),
    [
        (0, 0, [3, 3], {}, Expectation(0, 0, 0)),
        (3, 0, [3, 3], {}, Expectation(1, 1, 1)),
        (2, 0, [3, 3], {}, Expectation(0, 0, 0)),
        (0, 8, [3, 3, 3], {}, Expectation(0, 1, 2)),
        (0, 9, [3, 3, 3], {}, Expectation(0, 1, None)),
        (0, 0, [0, 0, 4], {}, Expectation(2, 2, 2)),
        (0, 0, [], {}, Expectation(None, None, None)),
        (4, 2, [4, 4, 4], {"lanes": 2}, Expectation(1, 2, None)),
        (4, 1, [4, 4, 4], {"lanes": 2}, Expectation(1, 2, 2)),
        (0, 0, [2, 2], {"lanes": 2}, Expectation(0, None, None)),
        # Only those ahead can use the Mondays before the one she can join.
        (0, 0, [9, 1], {"joins": 1}, Expectation(1, 1, 1)),
        (10, 1, [9, 1, 1, 1], {"joins": 1}, Expectation(2, 2, 3)),
    ],
)
def test_the_range_is_the_one_counted_by_hand(ahead, equal, seats, others, expected):
    assert expected_mondays(ahead, equal, seats, **others) == expected


@pytest.mark.parametrize("wrong", [(-1, 0, [1]), (0, -1, [1]), (0, 0, [-1])])
def test_counts_below_zero_are_refused(wrong):
    with pytest.raises(ValueError):
        expected_mondays(*wrong)


def run(seed):
    """A line of newcomers every week, some in lanes: when was `she` seated, and what was told?"""
    chance = random.Random(seed)
    seats = [chance.randint(2, 6) for _ in range(40)]
    numbers = iter(range(10**6))
    pool = [a_row(next(numbers), waited=chance.randint(0, 3)) for _ in range(chance.randint(0, 30))]
    she = a_row(next(numbers), waited=chance.randint(0, 3))
    ahead = sum(row.waited > she.waited for row in pool)
    equal = sum(row.waited == she.waited for row in pool)
    told = expected_mondays(ahead, equal, seats, lanes=2)
    pool.append(she)
    for index, count in enumerate(seats):
        times = [f"{9 + n // 4:02d}:{n % 4 * 15:02d}" for n in range(count)]
        outcome = give(pool, times, rules(), sha("run", str(seed), str(index)))
        if she.ticket not in outcome.standby:
            return index, told
        left = set(outcome.standby)
        pool = [replace(row, waited=row.waited + 1) for row in pool if row.ticket in left]
        lanes = chance.choices(("general", "access", "urgent"), (6, 1, 1), k=chance.randint(0, 6))
        pool += [a_row(next(numbers), lane=lane) for lane in lanes]
    return None, told


def test_who_waits_to_the_end_is_seated_inside_the_range_she_was_told():
    for seed in range(150):
        index, told = run(seed)
        assert told.earliest <= index
        if told.latest is not None:
            assert index <= told.latest


def test_at_least_half_are_seated_by_the_likely_monday():
    runs = [run(seed) for seed in range(150)]
    by_likely = sum(told.likely is None or index <= told.likely for index, told in runs)
    assert by_likely >= 75
