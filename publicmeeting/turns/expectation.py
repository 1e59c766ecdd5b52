"""On which Monday a waiting request can expect its seat: a range, never a promise.

Between two draws everybody left in the line gains one week, so the order of weeks stays: those with
more come before her in every draw, newcomers never do. Among the `equal` ones, who joined the line
with her, each draw's lots are fresh and treat all alike, so her place in the order in which that
group will be seated is equally likely to be the first, the last or any between.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expectation:
    """Places in the list of coming Mondays, from 0; None is later than the list reaches.

    `earliest`: she is the first of her group and no lane is used. `latest`: she is the last of it
    and newcomers use every lane to the full. `likely`: the first Monday by which her chance is at
    least one half, with the lanes used to the full, so that it errs towards later.

    Seats that are given up, requests withdrawn and Mondays left out by others bring her forward,
    even before `earliest`. Debts that arise later, and Mondays that are closed, set her back.
    """

    earliest: int | None
    likely: int | None
    latest: int | None


def expected_mondays(
    ahead: int, equal: int, seats: Sequence[int], *, lanes: int = 0, joins: int = 0
) -> Expectation:
    """What to tell one general request without a debt.

    `ahead`: rows with more weeks, or with a debt. `equal`: the other rows with as many weeks, those
    still expected in her filing week included. `seats`: of each coming Monday not yet drawn.
    `lanes`: the sum of the lanes' quotas. `joins`: the place in `seats` of the first Monday whose
    line she can join; before it only those `ahead` are served. ValueError for a number below 0.
    """
    if min(ahead, equal, lanes, joins, *seats, 0) < 0:
        raise ValueError("counts are whole numbers from 0")
    open_to_line = [max(count - lanes, 0) for count in seats]
    middle = (equal + 2) // 2
    return Expectation(
        earliest=_monday_reached(ahead, 1, seats, joins),
        likely=_monday_reached(ahead, middle, open_to_line, joins),
        latest=_monday_reached(ahead, equal + 1, open_to_line, joins),
    )


def _monday_reached(ahead: int, rank: int, seats: Sequence[int], joins: int) -> int | None:
    """The Monday whose seats reach the `rank`-th of her group, when each seat serves one."""
    missing = max(ahead - sum(seats[:joins]), 0) + rank
    for index, count in enumerate(seats[joins:], start=joins):
        missing -= count
        if missing <= 0:
            return index
    return None
