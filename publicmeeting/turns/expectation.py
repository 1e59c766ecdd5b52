"""Estimate on which Monday a waiting request gets its seat: a range, not a promise.

Between two draws everybody left in the line gains one week, so the order by weeks is stable:
requests with more weeks come before hers in every draw, and newcomers never do. `equal` requests
joined the line in the same week. Each draw has fresh lots that treat them alike, so every position
in the order in which this group will be seated is equally likely.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

_NO_SEATS = Fraction(0)


@dataclass(frozen=True, slots=True)
class Expectation:
    """Indexes into the list of coming Mondays, from 0; None means later than the list.

    - `earliest`: she is the first of her group and no lane is used.
    - `latest`: she is the last of it and newcomers use every lane fully.
    - `latest_usual`: the same, with the lanes used as they were lately.
    - `likely`: the first Monday by which her chance is at least one half, with the usual lanes.

    Seats given up, withdrawn requests and Mondays that others leave out bring her forward, even
    before `earliest`. Later debts and closed Mondays set her back.
    """

    earliest: int | None
    likely: int | None
    latest: int | None
    latest_usual: int | None


class Group(NamedTuple):
    """The properties by which the rows of a list are ordered."""

    debt: int
    waited: int
    lane: str


@dataclass(frozen=True, slots=True)
class Place:
    """Position of a row in a frozen list.

    `ahead` rows certainly come first, `equal` ones by lot. The lanes take `least` to `most` seats
    for others than those ahead.
    """

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
    """Return the expectation of a general request without a debt (docs/turns.md section 7).

    - `ahead`: rows with more weeks, or with a debt.
    - `equal`: other rows with as many weeks, including those still expected in her filing week.
    - `seats`: number of seats of each coming Monday that is not drawn yet.
    - `lanes`: sum of the lanes' quotas; `used`: seats they took lately, on average per Monday.
    - `joins`: index of the first Monday whose line she can join; before it only `ahead` are served.
    - `first`: minimum and maximum that lanes take of the first Monday, if its list is known.

    Raises ValueError for a negative number.
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
    """Return the position of a row in a frozen list; `rows` includes her own.

    If a lane has more rows than its quota, the lot decides which of them it seats: `least` assumes
    that it takes those ahead first, `most` that it takes the others.
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
        if asking <= quotas[lane]:  # certainly seated: no lot decides between them and her
            equals = sum(n for row, n in inside.items() if row.waited == she.waited)
            equal -= equals
        seated_before += seated
    return Place(ahead, equal, least, max(least, most))


def _left_by_lanes(seats: Sequence[int], used: Fraction) -> list[int]:
    """Return how many seats of each Monday are left if lanes take `used` on average.

    The results are whole seats, and their sum is never half a seat off.
    """
    # Computed in integers, because a Fraction is reduced to lowest terms at every addition.
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
    """Return the index of the Monday whose seats reach the `rank`-th of her group, or None."""
    missing = max(ahead - sum(seats[:joins]), 0) + rank
    for index, count in enumerate(line[joins:], start=joins):
        missing -= count
        if missing <= 0:
            return index
    return None
