"""Counted things: single tiles, strips of them, and the legend that explains their looks."""

from collections.abc import Sequence
from typing import Literal

import reflex as rx

from publicmeeting.ui.design.flow import each, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Tile

StripSize = Literal["", "md", "sm", "dots", "wrap", "head", "tiny", "draws"]
"""44 px · 32 px · 20 px · fixed 20 px squares · 20 px, as many rows as it takes · the head of the
mayor's table · 10 by 14 px in a board · as wide as their dates."""


def tile(one: Tile, class_name: str = "") -> rx.Component:
    """One tile; at most one number in it. Give it its size by a class (`size-9`)."""
    return rx.el.span(
        shown((one.kind == "off") & (one.text == ""), icon("close", "sm")),
        shown(one.text, rx.el.span(one.text)),
        class_name=f"tile t-{one.kind} {class_name}",
    )


def strip(
    tiles: Sequence[Tile], says: str, size: StripSize = "", *, spoken: bool = True
) -> rx.Component:
    """A row of tiles for one count. `says` is the same in words.

    Give `spoken=False` where that sentence already stands beside the strip.
    """
    voice = {"role": "img", "aria_label": says} if spoken else {"aria_hidden": "true"}
    return rx.el.div(
        each(tiles, tile), class_name=f"strip strip-{size}" if size else "strip", **voice
    )


def strip_with_words(
    tiles: Sequence[Tile], words: str, size: StripSize = "", *, room: str = ""
) -> rx.Component:
    """A strip over the sentence that says the same; `room` is a class that keeps the height of a
    sentence still to come."""
    return rx.el.div(
        strip(tiles, words, size, spoken=False),
        rx.el.p(words, class_name=f"text-meta text-ink2 {room}".strip()),
        class_name="grid gap-2",
    )


def legend(tiles: Sequence[Tile], words: Sequence[str]) -> rx.Component:
    """What the looks mean; plain data only."""
    return rx.el.ul(
        *(rx.el.li(tile(one), word) for one, word in zip(tiles, words, strict=True)),
        class_name="legend",
    )
