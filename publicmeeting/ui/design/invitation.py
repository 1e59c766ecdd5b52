"""The seat that was offered, and the honest guess before there is one."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.ui.design.figures import digit_cells
from publicmeeting.ui.design.flow import pick, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Invitation, Tile
from publicmeeting.ui.design.tiles import strip


def invitation(one: Invitation, primary: rx.Component, *others: rx.Component) -> rx.Component:
    """Day, hour, place and until when to answer; one primary and equal secondaries below."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(one.head),
            shown(one.left, rx.el.p(icon("clock", "sm"), one.left, class_name="flex gap-2")),
            class_name="call-head",
        ),
        rx.el.div(
            rx.el.div(
                day_tile(one.day, one.month),
                rx.el.div(
                    rx.el.p(one.date, class_name="font-semibold"),
                    rx.el.p(digit_cells(one.time), class_name="text-num-l"),
                    class_name="grid content-center gap-2",
                ),
                class_name="flex gap-4",
            ),
            shown(one.place, line("pin", one.place)),
            _deadline(one),
            primary,
            rx.el.div(*others, class_name="pair -mt-2") if others else rx.fragment(),
            shown(one.reassurance, rx.el.p(one.reassurance, class_name="text-ink2")),
            class_name="call-body",
        ),
        class_name=pick(one.confirmed, "call call-done", "call"),
    )


def _deadline(one: Invitation) -> rx.Component:
    sentence = rx.el.p(
        one.deadline_before, " ", rx.el.strong(one.deadline), " ", one.deadline_after
    )
    return shown(one.deadline, rx.el.div(icon("clock"), sentence, class_name="with-icon"))


def day_tile(day: str, month: str) -> rx.Component:
    """The day of hers, in saffron."""
    return rx.el.div(
        rx.el.span(day),
        rx.el.span(month),
        class_name="tile t-now day-tile shrink-0",
    )


def line(sign: str, text: str, strong: str = "") -> rx.Component:
    """A sign and a sentence; `strong` is its bold beginning."""
    return rx.el.div(
        icon(sign),
        rx.el.p(shown(strong, rx.el.strong(strong)), shown(strong, " "), text),
        class_name="with-icon",
    )


def estimate(lead: str, mondays: Sequence[Tile], sentence: str, basis: str = "") -> rx.Component:
    """Five Mondays in a row, the expected one glazed; the range and what it rests on in words, a
    line of `basis` a paragraph."""
    return rx.el.div(
        rx.el.p(lead),
        strip(mondays, sentence, spoken=False),
        rx.el.p(sentence, class_name="font-semibold"),
        shown(basis, rx.el.p(basis, class_name="text-ink2 whitespace-pre-line")),
        class_name="grid gap-3",
    )
