"""The pass for the day, and the fingerprint that people compare by eye."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from publicmeeting.ui.design.figures import code_groups, digit_cells, ltr
from publicmeeting.ui.design.flow import each, in_browser, is_plain
from publicmeeting.ui.design.invitation import line
from publicmeeting.ui.design.models import Pass, PassLine
from publicmeeting.ui.design.tehran import mark
from publicmeeting.ui.design.tiles import strip


def pass_sheet(one: Pass, lines: Sequence[PassLine]) -> rx.Component:
    """Band head, QR on pure white, tracking code, a row of holes, then place and what to bring."""
    return rx.el.article(
        _head(one),
        rx.el.div(
            rx.el.div(
                rx.el.dl(
                    _fact(one.name_label, rx.el.span(one.name)),
                    _fact(one.identity_label, ltr(one.identity)),
                    class_name="grid content-start gap-3",
                ),
                rx.el.div(rx.el.img(src=one.qr, alt=one.qr_says), class_name="qr"),
                class_name="flex flex-wrap justify-between gap-4",
            ),
            rx.el.dl(
                rx.el.dt(one.code_label, class_name="text-ink2"),
                rx.el.dd(code_groups(one.code), class_name="text-hero leading-normal"),
                class_name="mt-3",
            ),
            class_name="pass-body",
        ),
        rx.el.div(aria_hidden="true", class_name="pass-holes"),
        rx.el.div(
            each(lines, lambda item: line(item.icon, item.text, item.strong)),
            class_name="pass-body grid gap-2",
        ),
        class_name="pass",
    )


def _head(one: Pass) -> rx.Component:
    return rx.el.header(
        rx.el.div(
            rx.el.h2(mark(one.district), one.title, class_name="brand"),
            rx.el.span(one.district_name, class_name="text-ink2"),
            class_name="flex items-center justify-between",
        ),
        rx.el.div(
            rx.el.p(
                rx.el.span(one.weekday, class_name="block text-ink2"),
                rx.el.span(one.date, class_name="text-h1"),
                class_name="self-end",
            ),
            rx.el.p(
                rx.el.span(one.time_label, class_name="block text-ink2"),
                rx.el.span(digit_cells(one.time), class_name="text-num-l"),
            ),
            class_name="flex justify-between gap-4",
        ),
        strip(one.seats, one.seats_says, "md", spoken=False),
        rx.el.p(one.seats_says, class_name="text-ink2"),
        class_name="pass-head on-band",
    )


def _fact(label: str, value: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.dt(label, class_name="text-meta text-ink2"),
        rx.el.dd(value, class_name="font-semibold"),
    )


def fingerprint(digest: str, says: str, *, cells: int = 16, large: bool = False) -> rx.Component:
    """A hash as tiles, two bits each, eight a row; an aid for the eye, never the proof.

    `digest` is hexadecimal; `cells` of it are drawn, from its start.
    """
    look = "finger finger-lg" if large else "finger"
    if is_plain(digest):
        drawn = rx.fragment(*(rx.el.i(class_name=f"f{two}") for two in two_bits(digest)[:cells]))
    else:
        half = digest[: cells // 2].split("")
        drawn = rx.foreach(half, _browser_pair)
    return rx.el.div(drawn, role="img", aria_label=says, class_name=look)


def two_bits(digest: str) -> list[int]:
    """The hash as numbers 0 to 3, from its first hexadecimal digit on."""
    return [part for digit in digest for part in divmod(int(digit, 16), 4)]


def _browser_pair(digit: "rx.Var[Any]") -> rx.Component:
    high = in_browser("'f'+(parseInt({},16)>>2)", digit)
    low = in_browser("'f'+(parseInt({},16)&3)", digit)
    return rx.fragment(rx.el.i(class_name=high.to(str)), rx.el.i(class_name=low.to(str)))
