"""On which Monday a waiting request can expect its seat: a range, never a promise.

Between two draws everybody left in the line gains one week, so the order of weeks stays: those with
more come before her in every draw, newcomers never do. Among the `equal` ones, who joined the line
with her, each draw's lots are fresh and treat all alike, so her place in the order in which that
group will be seated is equally likely to be the first, the last or any between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

_NO_SEATS = Fraction(0)


@dataclass(frozen=True, slots=True)
class Expectation:
    """Places in the list of coming Mondays, from 0; None is later than the list reaches.

    `earliest`: she is the first of her group and no lane is used. `latest`: she is the last of it
    and newcomers use every lane to the full; `latest_usual`: the same with the lanes used as they
    have been of late. `likely`: the first Monday by which her chance is at least one half, with the
    lanes used as of late.

    Seats that are given up, requests withdrawn and Mondays left out by others bring her forward,
    even before `earliest`. Debts that arise later, and Mondays that are closed, set her back.
    """

    earliest: int | None
    likely: int | None
    latest: int | None
    latest_usual: int | None


class Group(NamedTuple):
    """What orders a row of a list."""

    debt: int
    waited: int
    lane: str


@dataclass(frozen=True, slots=True)
class Place:
    """Of one row in a frozen list. `ahead` come first for certain, `equal` by lot; the lanes take
    `least` to `most` seats for others than those ahead."""

    ahead: int
    equal: int
    least: int = 0
    most: int = 0


def expected_mondays(
    ahead: int,
    equal: int,
    seats: Sequence[int],
    *,
    lanes: int = 0,
    used: Fraction = _NO_SEATS,
    joins: int = 0,
    first: tuple[int, int] | None = None,
) -> Expectation:
    """What one general request without a debt can expect.

    `ahead`: rows with more weeks, or with a debt. `equal`: the other rows with as many weeks, those
    still expected in her filing week included. `seats`: of each coming Monday not yet drawn.
    `lanes`: the sum of the lanes' quotas; `used`: how many seats of a Monday they have really taken
    of late, on average. `joins`: the place in `seats` of the first Monday whose line she can join;
    before it only those `ahead` are served. `first`: the least and the most that lanes take of the
    first Monday, where its list is known. ValueError for a number below 0.
    """
    least, most = first or (0, 0)
    if min(ahead, equal, lanes, joins, least, most, *seats, 0) < 0 or used < 0:
        raise ValueError("counts are whole numbers from 0")
    full = [max(count - lanes, 0) for count in seats]
    usual = _left_by_lanes(seats, min(used, Fraction(lanes)))
    best = list(seats)
    if first and seats:
        best[0] = max(seats[0] - least, 0)
        full[0] = usual[0] = max(seats[0] - most, 0)
    middle = (equal + 2) // 2
    return Expectation(
        earliest=_monday_reached(ahead, 1, seats, best, joins),
        likely=_monday_reached(ahead, middle, seats, usual, joins),
        latest=_monday_reached(ahead, equal + 1, seats, full, joins),
        latest_usual=_monday_reached(ahead, equal + 1, seats, usual, joins),
    )


def place_in_list(rows: Mapping[Group, int], quotas: Mapping[str, int], she: Group) -> Place:
    """Where a row of a frozen list stands among all its rows, herself counted in.

    Which of more rows than its quota a lane seats is the lot's: `least` takes those ahead first,
    `most` the others.
    """
    debts = sum(count for row, count in rows.items() if row.debt)
    if she.debt:
        return Place(0, debts - 1)
    ahead = debts + sum(n for row, n in rows.items() if not row.debt and row.waited > she.waited)
    equal = sum(n for row, n in rows.items() if not row.debt and row.waited == she.waited) - 1
    seated_before, least, most = debts, 0, 0
    for lane in sorted(quotas):
        inside = {row: n for row, n in rows.items() if row.lane == lane and not row.debt}
        asking = sum(inside.values())
        if lane == she.lane and asking <= quotas[lane]:
            return Place(seated_before, asking - 1)
        seated = min(asking, quotas[lane])
        others = asking - (lane == she.lane)
        before = sum(n for row, n in inside.items() if row.waited > she.waited)
        least += max(seated - before, 0)
        most += min(seated, others - before)
        if asking <= quotas[lane]:  # they sit for certain, and no lot decides between them and her
            equals = sum(n for row, n in inside.items() if row.waited == she.waited)
            equal -= equals
        seated_before += seated
    return Place(ahead, equal, least, max(least, most))


def _left_by_lanes(seats: Sequence[int], used: Fraction) -> list[int]:
    """What the line gets of each Monday when lanes take `used` seats on average: whole seats, in
    sum never half a seat away from it."""
    # In whole parts of a seat: a fraction is put into its lowest terms at every sum.
    part, whole = used.numerator, used.denominator
    left, owed = [], 0
    for count in seats:
        owed += part if count else 0
        taken = min(count, (2 * owed + whole) // (2 * whole))
        owed -= taken * whole
        left.append(count - taken)
    return left


def _monday_reached(
    ahead: int, rank: int, seats: Sequence[int], line: Sequence[int], joins: int
) -> int | None:
    """The Monday on which the line's seats reach the `rank`-th of her group, each serving one."""
    missing = max(ahead - sum(seats[:joins]), 0) + rank
    for index, count in enumerate(line[joins:], start=joins):
        missing -= count
        if missing <= 0:
            return index
    return None
