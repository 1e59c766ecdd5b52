"""The mayor's orders: the promise first, then its paper, and beneath it what each unit owes."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.text.tracking import citizen_orders_text as mine
from publicmeeting.text.tracking import road_text as said
from publicmeeting.ui.citizen.timeline.ask_parts import question_card
from publicmeeting.ui.citizen.timeline.forms import answered, move_buttons, open_form
from publicmeeting.ui.citizen.timeline.moves import Move
from publicmeeting.ui.citizen.timeline.orders import OrderView
from publicmeeting.ui.citizen.timeline.sheet_parts import paper_of, promise_words
from publicmeeting.ui.citizen.timeline.sheets import SheetView
from publicmeeting.ui.citizen.timeline.state import TimelineState as S
from publicmeeting.ui.design.flow import Handler, any_of, each
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.photos import photo_pairs, photo_thumbs
from publicmeeting.ui.design.promise import promise_clock
from publicmeeting.ui.design.sheets import badge, notice, quote, sheet


def orders(found: Sequence[SheetView]) -> rx.Component:
    return each(found, _sheet)


def _sheet(one: SheetView) -> rx.Component:
    """Several orders on one paper: the paper once, each unit beneath it."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(said.ORDER, class_name="text-h2"),
            each(one.orders, _alone),
            class_name="flex flex-wrap items-center justify-between gap-2",
        ),
        rx.cond(one.promise, promise_words(one.promise)),
        # Only what waits for her word stands over the paper it is about.
        each(one.orders, _reported),
        paper_of(one),
        rx.cond(one.shared, rx.el.p(one.shared, class_name="text-ink2")),
        each(one.orders, _order),
        class_name="mt-6 grid gap-4",
    )


def _alone(one: OrderView) -> rx.Component:
    """Where a paper has one unit only, its badges stand at the head of all."""
    return rx.cond(one.shared, rx.fragment(), _badges(one))


def _badges(one: OrderView) -> rx.Component:
    return rx.el.div(badge(one.urgent), badge(one.badge), class_name="flex flex-wrap gap-2")


def _reported(one: OrderView) -> rx.Component:
    return rx.el.div(
        rx.cond(one.done.key, _question(one)),
        answered(one.done_place),
        # Beside its answer: the paper below is a whole screen high.
        open_form(one.done_place),
        class_name="grid gap-4 empty:hidden",
    )


def _order(one: OrderView) -> rx.Component:
    head = rx.el.div(
        rx.el.h3(one.unit, class_name="text-h3"),
        _badges(one),
        class_name="flex flex-wrap items-center justify-between gap-2",
    )
    alone = rx.cond(any_of(one.clock.days), promise_clock(one.clock), _unit(one))
    beside = rx.fragment(
        rx.cond(one.due_line, rx.el.p(one.due_line)),
        rx.cond(
            any_of(one.clock.days),
            rx.el.details(
                rx.el.summary(mine.DUE_DAYS, class_name="link nav-link cursor-pointer"),
                rx.el.div(promise_clock(one.clock), class_name="mt-2"),
            ),
        ),
    )
    pause = notice(one.pause, tone="saffron", action=rx.el.p(one.pause_then))
    return rx.el.section(
        rx.cond(one.shared, head),
        rx.cond(one.promise, promise_words(one.promise)),
        rx.cond(one.late, notice(one.late, mine.LATE_COUNTS, tone="brick")),
        rx.cond(one.pause, pause),
        rx.cond(one.shared, beside, alone),
        rx.cond(
            any_of(one.notes),
            rx.el.ul(each(one.notes, _note), class_name="grid gap-1 text-ink2"),
        ),
        rx.el.div(
            question_card(one.said),
            answered(one.said_place),
            class_name="grid gap-4 empty:hidden",
        ),
        rx.cond(one.asked, quote(one.asked_by, one.asked)),
        answered(one.number),
        move_buttons(one.moves),
        open_form(one.number),
        class_name=rx.cond(one.shared, "grid gap-3 border-t-2 border-line pt-4", "grid gap-4"),
    )


def _unit(one: OrderView) -> rx.Component:
    return rx.el.p(icon("unit"), rx.el.span(one.unit), class_name="with-icon")


def _note(text: str) -> rx.Component:
    return rx.el.li(text, class_name="wrap-anywhere")


def _question(one: OrderView) -> rx.Component:
    """Was it done? Two equal answers; «no» opens its form with a note and pictures."""
    pictures = rx.cond(
        any_of(one.before_photos),
        photo_pairs(one.before_photos, one.report_photos, (mine.BEFORE, mine.AFTER)),
        rx.cond(any_of(one.report_photos), photo_thumbs(one.report_photos)),
    )
    return sheet(
        rx.el.div(
            rx.el.h3(said.DONE_Q, class_name="text-h3"),
            rx.cond(one.shared, rx.el.p(one.unit)),
            rx.cond(one.basis, rx.el.p(one.basis, class_name="text-ink2")),
            rx.cond(
                one.report,
                rx.el.blockquote(
                    one.report,
                    class_name="mt-2 whitespace-pre-line wrap-anywhere border-s-4 border-edge ps-3",
                ),
            ),
            rx.el.div(pictures, class_name="mt-3 empty:hidden"),
            rx.el.div(
                _answer(one.done, "check", "btn btn-good btn-sm", S.tap),
                _answer(one.contest, "close", "btn btn-danger btn-sm", S.choose),
                class_name="pair mt-3",
            ),
            rx.cond(one.answer_until, rx.el.p(one.answer_until, class_name="mt-2")),
            rx.el.p(said.REOPENS, class_name="mt-2 text-ink2"),
        )
    )


def _answer(move: Move, sign: str, look: str, event: Handler) -> rx.Component:
    return rx.cond(
        move.key,
        rx.el.button(
            icon(sign),
            rx.el.span(move.label),
            type="button",
            on_click=event(move.key),
            class_name=look,
        ),
    )
