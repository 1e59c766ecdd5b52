"""The rule of the draw: more weeks of waiting first, and a public lot among equals.

Only integers and strings are compared, so that implementations in all languages agree. The order of
the rows and of filing does not matter (docs/turns.md section 3).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from publicmeeting.turns import shape
from publicmeeting.turns.formulas import lot
from publicmeeting.turns.pool import Outcome, Row, Rules, Seated


def assign_seats(rows: Iterable[Row], seats: Sequence[str], rules: Rules, seed: str) -> Outcome:
    """Run one draw: who gets which time, and in which order the others are asked.

    Debts come first, then each lane up to its quota, then the line. `seats` are start times
    `HH:MM`. Raises ValueError if the seats do not ascend or a ticket is in the pool twice.
    """
    pool = tuple(rows)
    if not shape.is_ascending(seats):
        raise ValueError("the seats of a Monday ascend and none is there twice")
    if len({row.ticket for row in pool}) < len(pool):
        raise ValueError("a ticket is in the pool twice")
    line = _line(pool, seed)
    assigned = _order_of_assigning(pool, line, rules, seed, len(seats))
    standby = tuple(row.ticket for row in line if row not in assigned)
    return Outcome(tuple(_with_times(assigned, seats, rules)), standby)


def _line(pool: Sequence[Row], seed: str) -> list[Row]:
    return sorted(pool, key=lambda row: (-row.waited, lot(seed, "line", row.ticket), row.ticket))


def _by_lot(rows: Iterable[Row], seed: str, stage: str) -> list[Row]:
    return sorted(rows, key=lambda row: (lot(seed, stage, row.ticket), row.ticket))


def _order_of_assigning(
    pool: Sequence[Row], line: Sequence[Row], rules: Rules, seed: str, seats: int
) -> dict[Row, str]:
    """Return row → why, in the order of assignment; a row already seated uses up no quota."""
    assigned: dict[Row, str] = {}
    for why, candidates, quota in _steps(pool, line, rules, seed, seats):
        passed_over = (row for row in candidates if row not in assigned)
        taken = list(islice(passed_over, min(quota, seats - len(assigned))))
        assigned.update(dict.fromkeys(taken, why))
    return assigned


def _steps(
    pool: Sequence[Row], line: Sequence[Row], rules: Rules, seed: str, seats: int
) -> Iterator[tuple[str, Sequence[Row], int]]:
    """Yield (why, candidates in order, quota); seats that a lane leaves unused go to the line."""
    yield "debt", _by_lot((row for row in pool if row.debt), seed, "debt"), seats
    for name in sorted(rules.lanes):
        why = f"lane:{name}"
        yield why, _by_lot((row for row in pool if row.lane == name), seed, why), rules.lanes[name]
    yield "line", line, seats


def _with_times(assigned: dict[Row, str], seats: Sequence[str], rules: Rules) -> Iterator[Seated]:
    """Assign each row the earliest free seat of its window, or else the earliest free seat."""
    free = list(seats)
    for row, why in assigned.items():
        start, end = rules.window(row.prefers)
        time = next((seat for seat in free if start <= seat < end), free[0])
        free.remove(time)
        yield Seated(row.ticket, time, why)
