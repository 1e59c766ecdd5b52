"""Tables of figures: rows with a header at the start; cards where the screen is narrow."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from publicmeeting.ui.design.flow import Handler, is_plain
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.models import MapTile
from publicmeeting.ui.design.tehran import touch


def data_table(says: str, heads: Sequence[str], body: Sequence[Sequence[str]]) -> rx.Component:
    """Plain or var rows of words; the first word of a row is its header. `heads` are plain."""

    def line(words: Sequence[str]) -> rx.Component:
        return rx.el.tr(
            rx.el.th(words[0], scope="row"),
            *(
                rx.el.td(rx.el.span(words[at]), data_label=head)
                for at, head in enumerate(heads[1:], 1)
            ),
        )

    lines = [line(words) for words in body] if is_plain(body) else [rx.foreach(body, line)]
    return rx.el.table(
        rx.el.caption(says, class_name="sr-only"),
        rx.el.thead(rx.el.tr(*(rx.el.th(head, scope="col") for head in heads))),
        rx.el.tbody(*lines),
        class_name="table table-cards",
    )


def heat_table(
    says: str,
    heads: Sequence[str],
    names: Sequence[str],
    cells: Sequence[Sequence[MapTile]],
    on_open: Handler = None,
    *,
    more_heads: Sequence[str] = (),
    more: Callable[[int], Sequence[rx.Component]] = lambda _row: (),
) -> rx.Component:
    """Districts by Mondays, then columns of your own (`more` draws them for a row index).

    Each cell is a tile that opens its list; arrow keys move. The oldest Monday stands first, so
    rightmost. `MapTile.says` is the cell's sentence and begins with the cell's number;
    `MapTile.number` goes to `on_open` with the row's index. Plain data, or vars for both.
    """

    def cell(one: MapTile, row: int) -> rx.Component:
        look = f"tile t-{one.kind}"
        face = icon("close", "sm") if is_plain(one.kind) and one.kind == "off" else one.text
        alive: dict[str, Any] = {"class_name": look, "aria_label": one.says, "data_walk": "true"}
        if on_open is not None:
            return rx.el.button(face, type="button", on_click=on_open(row, one.number), **alive)
        if not is_plain(one.href) or one.href:
            return anchor(face, href=one.href, **alive)
        return rx.el.span(face, class_name=look, role="img", aria_label=one.says)

    def line(at: int) -> rx.Component:
        tiles = cells[at]
        drawn = (
            [rx.el.td(cell(one, at)) for one in tiles]
            if is_plain(tiles)
            else [rx.foreach(tiles, lambda one: rx.el.td(cell(one, at)))]
        )
        return rx.el.tr(
            rx.el.th(names[at], scope="row"), *drawn, *(rx.el.td(part) for part in more(at))
        )

    body = (
        [line(at) for at in range(len(names))]
        if is_plain(names)
        else [rx.foreach(names, lambda _name, at: line(at))]
    )
    top = (
        [rx.el.th(head, scope="col") for head in heads]
        if is_plain(heads)
        else [rx.foreach(heads, lambda head: rx.el.th(head, scope="col"))]
    )
    return rx.el.div(
        rx.el.table(
            rx.el.caption(says, class_name="sr-only"),
            rx.el.thead(
                rx.el.tr(
                    rx.el.td(),
                    *top,
                    *(rx.el.th(head, scope="col") if head else rx.el.td() for head in more_heads),
                )
            ),
            rx.el.tbody(*body),
            class_name="table table-heat",
        ),
        class_name="overflow-x-auto p-1",
        custom_attrs={"onKeyDown": touch("walk"), "onFocus": touch("settle")},
    )
