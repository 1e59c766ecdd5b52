"""The display in the hall: one number on saffron, sentences, no names, no motion but the change."""

from typing import Any

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.text.meetings import hall_text
from publicmeeting.ui.design.figures import digit_cells, tile
from publicmeeting.ui.design.flow import any_of, each, is_plain, pick, shown
from publicmeeting.ui.design.models import HallBoard, Tile
from publicmeeting.ui.design.sheets import live_region
from publicmeeting.ui.design.tehran import mark

_ONE_DIGIT = 1


def hall_board(board: HallBoard, lit: Any = 0) -> rx.Component:
    """A whole screen; scales from 1920 by 1080. While nobody is called the number is empty."""
    return rx.el.main(
        _head(board, lit),
        rx.el.div(
            _called(board.number),
            rx.el.div(
                rx.el.h1(board.call, class_name="hall-92"),
                rx.el.p(board.where, class_name="hall-54 text-ink2"),
                shown(any_of(board.next), _next(board)),
            ),
            class_name="hall-main",
        ),
        rx.el.footer(
            shown(board.code_title, _code(board)),
            rx.el.div(
                rx.el.p(board.lateness),
                rx.el.p(board.summary, class_name="text-ink2"),
                class_name="hall-row",
            ),
            rx.el.div(each(board.seats, tile), aria_hidden="true", class_name="strip hall-seats"),
        ),
        live_region(board.call),
        class_name="hall on-band",
    )


def _code(board: HallBoard) -> rx.Component:
    """The code of this quarter of an hour; read letter by letter, from left to right."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(board.code_title, class_name="hall-44"),
            rx.el.p(digit_cells(board.code), class_name="hall-code-digits"),
        ),
        rx.el.div(
            rx.el.p(board.code_lead),
            rx.el.p(board.code_more, class_name="text-ink2"),
            class_name="grow",
        ),
        rx.el.img(src="/qr/mine.svg", alt=hall_text.QR_SAYS, class_name="hall-code-qr"),
        aria_label=board.code_title,
        class_name="hall-code",
    )


def _head(board: HallBoard, lit: Any) -> rx.Component:
    return rx.el.header(
        rx.el.div(
            mark(lit),
            rx.el.div(
                rx.el.p(chrome_text.SITE, class_name="hall-44 font-bold"),
                rx.el.p(board.unit, " · ", board.presence, class_name="text-ink2"),
            ),
            class_name="hall-row",
        ),
        rx.el.div(
            rx.el.p(digit_cells(board.clock), class_name="hall-96"),
            rx.el.p(board.date, class_name="text-ink2"),
            class_name="text-end",
        ),
        class_name="hall-row",
    )


def _called(number: str) -> rx.Component:
    """Keyed by the number, so that a new one slides up once and then stands still."""
    digits: Any = number
    long = len(digits) > _ONE_DIGIT if is_plain(digits) else digits.length() > _ONE_DIGIT
    return rx.el.div(
        rx.el.span(number, key=number),
        aria_hidden="true",
        class_name=pick(long, "tile t-now hall-called is-long", "tile t-now hall-called"),
    )


def _next(board: HallBoard) -> rx.Component:
    return rx.el.div(
        rx.el.h2(board.next_title, class_name="hall-44 mt-[0.5em]"),
        rx.el.div(
            each(board.next, _next_tile),
            rx.el.p(board.next_note, class_name="text-ink2"),
            class_name="hall-next",
        ),
    )


def _next_tile(one: Tile) -> rx.Component:
    return rx.el.span(one.text, class_name=f"tile t-{one.kind}")
