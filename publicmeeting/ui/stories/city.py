"""Invented districts and days for the stories; every Monday of Azar 1405 is real."""

from publicmeeting.kit.digits import persian
from publicmeeting.ui.design.models import MapTile, PromiseDay, Tile

WAITS = {
    1: 1,
    2: 3,
    3: 2,
    4: 4,
    5: 3,
    6: 2,
    7: 2,
    8: 1,
    9: 1,
    10: 2,
    11: 1,
    12: 2,
    13: 1,
    14: 2,
    15: 3,
    16: 1,
    17: 2,
    18: 2,
    19: 3,
    20: 2,
    21: 1,
    22: 1,
}
HERS = 6


def waits_map() -> list[MapTile]:
    return [
        MapTile(
            number,
            persian(number),
            f"منطقهٔ {persian(number)}، {persian(weeks)} هفته انتظار",
            kind="now" if number == HERS else f"s{weeks}",
            pips=weeks,
        )
        for number, weeks in WAITS.items()
    ]


def choose_map(chosen: int, candidates: tuple[int, ...]) -> list[MapTile]:
    def kind(number: int) -> str:
        if number == chosen:
            return "now"
        return "candidate" if number in candidates else "plain"

    return [
        MapTile(number, persian(number), f"منطقهٔ {persian(number)}", kind=kind(number))
        for number in WAITS
    ]


def held_map() -> list[MapTile]:
    kinds = {4: "foot", 19: "foot", 17: "off"}
    return [
        MapTile(number, persian(number), "", kind=kinds.get(number, "glazed")) for number in WAITS
    ]


PASS_SEATS = tuple(Tile("now" if seat == HERS else "plain") for seat in range(12))


_WEDNESDAY = 5


def promise_days(today: int, last: int = 30) -> tuple[PromiseDay, ...]:
    """Azar 1405 from Monday the 9th; after the last day every working day is hatched."""
    days = [PromiseDay("pen", 3, persian(9))]
    for day in range(10, max(today, last) + 1):
        column = (day - 7) % 7 + 1
        if column > _WEDNESDAY:
            continue
        kind = "glazed" if day < today else "raw"
        if day > last:
            kind = "late"
        elif day == today:
            kind = "now"
        elif day == last:
            kind = "end"
        days.append(PromiseDay(kind, column, persian(day)))
    return tuple(days)
