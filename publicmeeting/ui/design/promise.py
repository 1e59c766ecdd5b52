"""The promise clock: the due date and the working days until it, each a tile."""

from datetime import date

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.design.flow import each, pick, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import PromiseClock, PromiseDay

_WORKING_DAYS = 5


def day_kind(day: date, issued: date, due: date, today: date) -> str:
    """The look of one day's tile."""
    if day == issued:
        return "pen"
    if day > due:
        return "late"
    if day == today:
        return "now"
    if day == due:
        return "end"
    return "glazed" if day < today else "raw"


def promise_clock(clock: PromiseClock) -> rx.Component:
    """Days Saturday to Wednesday; past glazed, today saffron, ahead raw, the end framed in ink.

    After the end every day is a hatch and the number turns brick.
    """
    return rx.el.section(
        rx.el.div(
            _head(clock),
            rx.el.div(
                *(_letter(letter) for letter in chrome_text.WEEK[:_WORKING_DAYS]),
                each(clock.days, _day),
                aria_hidden="true",
                class_name="promise-days",
            ),
            rx.el.p(clock.sentence, class_name="text-ink2"),
            class_name="grid gap-3",
        ),
        shown(
            clock.unit,
            rx.el.p(icon("unit"), rx.el.span(clock.unit), class_name="with-icon"),
        ),
        class_name="sheet",
    )


def _head(clock: PromiseClock) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(clock.lead, class_name="text-ink2"),
            rx.el.p(clock.due, class_name="font-bold"),
            class_name="self-end",
        ),
        rx.el.p(
            rx.el.span(clock.number, class_name="block text-num-l"),
            rx.el.span(clock.number_says, class_name="text-meta"),
            class_name=pick(clock.late, "text-end text-brick", "text-end"),
        ),
        class_name="flex justify-between gap-4",
    )


def _letter(letter: str) -> rx.Component:
    return rx.el.span(letter, class_name="text-meta text-ink2")


def _day(day: PromiseDay) -> rx.Component:
    face = pick(day.kind == "pen", icon("pen", "sm"), rx.el.span(day.text))
    return rx.el.span(face, class_name=f"tile t-{day.kind} c{day.column}")
