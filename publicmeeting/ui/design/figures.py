"""Figures: digits that change in place, codes, rows of tiles that count, and tables."""

from collections.abc import Sequence
from typing import Literal

import reflex as rx

from publicmeeting.ui.design.flow import each, in_browser, is_plain, pick, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Tile

_PUNCTUATION = (":", "٫", "٬", "٪")


def digit_cells(text: str) -> rx.Component:
    """A clock or countdown with one cell per digit, so that nothing moves when a digit changes."""

    def cell(sign: str) -> rx.Component:
        if is_plain(sign):
            return rx.el.i(sign, class_name="sep" if sign in _PUNCTUATION else "")
        return rx.el.i(sign, class_name=pick(sign == ":", "sep", ""))

    signs = list(text) if is_plain(text) else in_browser("[...({} ?? '')]", text).to(list[str])
    return rx.el.span(
        rx.el.span(text, class_name="sr-only"),
        rx.el.bdi(each(signs, cell), dir="ltr", aria_hidden="true", class_name="cells"),
    )


def ltr(text: str, class_name: str = "") -> rx.Component:
    """A phone number, a hash or other text that must keep its left-to-right order inside
    Persian."""
    return rx.el.bdi(text, dir="ltr", class_name=class_name)


def code_groups(code: str, class_name: str = "") -> rx.Component:
    """A tracking code in groups of 3-3-4, separated by margins only, so copying gives ten digits.

    A screen reader reads digit by digit; it would make three numbers of the groups, without their
    first zeros.
    """
    spoken = " ".join(code) if is_plain(code) else in_browser("[...({} ?? '')].join(' ')", code)
    return rx.fragment(
        rx.el.bdi(spoken, dir="ltr", class_name="sr-only select-none"),
        rx.el.bdi(
            rx.el.span(code[:3]),
            rx.el.span(code[3:6]),
            rx.el.span(code[6:]),
            dir="ltr",
            aria_hidden="true",
            class_name=f"code-groups {class_name}".strip(),
        ),
    )


StripSize = Literal["", "md", "sm", "dots", "wrap", "head", "draws"]
"""Size of the tiles in a strip.

- "": 44 px
- "md": 32 px
- "sm": 20 px
- "dots": fixed squares of 20 px
- "wrap": 20 px, in as many rows as needed
- "head": for the head of the mayor's table
- "draws": as wide as their dates
"""


def tile(one: Tile, class_name: str = "", *, spoken: bool = True) -> rx.Component:
    """One tile with at most one number in it. Set its size by a class (`size-9`).

    Pass `spoken=False` if the words beside it say the same.
    """
    return rx.el.span(
        shown((one.kind == "off") & (one.text == ""), icon("close", "sm")),
        shown(one.text, rx.el.span(one.text)),
        class_name=f"tile t-{one.kind} {class_name}",
        **({} if spoken else {"aria_hidden": "true"}),
    )


def strip(
    tiles: Sequence[Tile], aria_label: str, size: StripSize = "", *, spoken: bool = True
) -> rx.Component:
    """A row of tiles for one count; `aria_label` is the same count in words.

    Pass `spoken=False` if that sentence is already beside the strip.
    """
    voice = {"role": "img", "aria_label": aria_label} if spoken else {"aria_hidden": "true"}
    return rx.el.div(
        each(tiles, tile), class_name=f"strip strip-{size}" if size else "strip", **voice
    )


def strip_with_words(
    tiles: Sequence[Tile], words: str, size: StripSize = "", *, room: str = ""
) -> rx.Component:
    """A strip above the sentence that says the same.

    `room` is a class that reserves the height of a sentence that is not there yet.
    """
    return rx.el.div(
        strip(tiles, words, size, spoken=False),
        rx.el.p(words, class_name=f"text-meta text-ink2 {room}".strip()),
        class_name="grid gap-2",
    )


def data_table(
    caption: str, heads: Sequence[str], body: Sequence[Sequence[str]], *, late: int = 0
) -> rx.Component:
    """A table of plain or var rows of words; the first word of a row is its header. `heads` are
    plain.

    Zeros and what is missing are pale. Other numbers of the column `late` have the colour of
    lateness.
    """

    def cell(word: str, *, is_late: bool) -> rx.Component:
        tone = pick((word == "۰") | (word == "—"), "text-ink2", "row-late" if is_late else "")
        return rx.el.span(word, class_name=tone)

    def line(words: Sequence[str]) -> rx.Component:
        return rx.el.tr(
            rx.el.th(words[0], scope="row"),
            *(
                rx.el.td(cell(words[at], is_late=at == late), data_label=head)
                for at, head in enumerate(heads[1:], 1)
            ),
        )

    lines = [line(words) for words in body] if is_plain(body) else [rx.foreach(body, line)]
    return rx.el.table(
        rx.el.caption(caption, class_name="sr-only"),
        rx.el.thead(rx.el.tr(*(rx.el.th(head, scope="col") for head in heads))),
        rx.el.tbody(*lines),
        class_name="table table-cards",
    )
