"""Empty, loading, denied and missing states of a page. Each offers a way on."""

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

import reflex as rx

from publicmeeting.domain.districts.city import DISTRICTS
from publicmeeting.text.common import chrome_text
from publicmeeting.ui.design.flow import any_of, each, is_plain, pick
from publicmeeting.ui.design.sheets import sheet
from publicmeeting.ui.design.tehran import mark

T = TypeVar("T")


def empty(
    first: str, rest: str, action: rx.Component | None = None, district: int = 0
) -> rx.Component:
    """The city's map with her district lit, what the situation is, what to do, and one button."""
    return sheet(
        rx.el.div(
            raw_map(district),
            rx.el.div(
                rx.el.h2(first, class_name="text-h3"),
                rx.el.p(rest, class_name="text-ink2"),
                action or rx.fragment(),
                class_name="grid flex-1 basis-48 justify-items-start gap-3",
            ),
            class_name="flex flex-wrap items-center gap-4",
        )
    )


def listed(
    lines: Sequence[T], draw: Callable[[T], rx.Component], none: rx.Component
) -> rx.Component:
    """A list with a row for each line, or `none` while there are no lines."""
    rows = rx.el.ul(each(lines, lambda line: rx.el.li(draw(line))), class_name="rows")
    return rx.cond(any_of(lines), rows, none)


def raw_map(district: int) -> rx.Component:
    """A small, unglazed map of the city."""

    def cell(number: int) -> rx.Component:
        kind = pick(district == number, "t-now", "t-raw")
        return rx.el.span(class_name=f"tile {kind} d{number}")

    return rx.el.div(
        *(cell(district.number) for district in DISTRICTS),
        dir="ltr",
        aria_hidden="true",
        class_name="map map-small shrink-0",
    )


def dead_end(title: str, reason: str, onward: rx.Component, *, lit: int = 0) -> rx.Component:
    """Denied or not found: the same page for both, with one way on."""
    return rx.el.div(
        mark(lit, "lg"),
        rx.el.h1(title, class_name="text-h1"),
        rx.el.p(reason, class_name="max-w-read"),
        onward,
        class_name="grid justify-items-start gap-4 py-8",
    )


def loading(kind: Literal["lines", "card", "rows"] = "lines") -> rx.Component:
    """The outline of a part that is loading, visible after 300 ms, with tiles that glaze one by
    one."""
    lines = {"lines": 3, "card": 5, "rows": 8}[kind]
    return rx.el.div(
        *(rx.el.i() for _ in range(lines)),
        rx.el.div(*(rx.el.i() for _ in range(4)), class_name="strip w-full max-w-40"),
        role="status",
        aria_label=chrome_text.LOADING,
        class_name="sheet shape p-4" if kind == "card" else "shape",
    )


def unless_loading(is_ready: bool, shape: rx.Component, *content: rx.Component) -> rx.Component:  # noqa: FBT001 (a var)
    """The content when it is ready, `shape` before."""
    if is_plain(is_ready):
        return rx.fragment(*content) if is_ready else shape
    return rx.cond(is_ready, rx.fragment(*content), shape)
