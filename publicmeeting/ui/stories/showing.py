"""What stories share: the frame of a story page, and invented districts and days.

A page has a title above each component, one below the other. Every Monday of Azar 1405 is real.
"""

import reflex as rx

from publicmeeting.kit.digits import persian
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.frames import (
    CeremonySheet,
    OfficialSheets,
    brand,
    phone_page,
    site_bar,
)
from publicmeeting.ui.design.models import MapTile, PromiseDay, Tile


def story(title: str, *parts: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, class_name="text-meta font-normal text-ink2"),
        *parts,
        class_name="grid gap-3 py-4",
    )


def page(title: str, *stories: rx.Component, wide: bool = False) -> rx.Component:
    bar = site_bar(
        brand(6, "/stories/"),
        button("شب و روز", kind="quiet", size="sm", on_click=rx.toggle_color_mode),
        wide=wide,
    )
    return bare_page(rx.el.h1(title, class_name="text-h1"), *stories, bar=bar, wide=wide)


def bare_page(
    *parts: rx.Component, bar: rx.Component | None = None, wide: bool = False
) -> rx.Component:
    """A page that loads the style sheets of every kind of page."""
    own = (OfficialSheets.create(), CeremonySheet.create())
    return phone_page(*parts, *own, bar=bar, wide=wide)


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
OWN = 6


def waits_map() -> list[MapTile]:
    return [
        MapTile(
            number,
            persian(number),
            f"منطقهٔ {persian(number)}، {persian(weeks)} هفته انتظار",
            kind="now" if number == OWN else f"s{weeks}",
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


PASS_SEATS = tuple(Tile("now" if seat == OWN else "plain") for seat in range(12))


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
