"""The mayor's orders: paper first, then the promise, the question and what she may do."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.text import chrome, order_sheet
from publicmeeting.text import road as said
from publicmeeting.ui.citizen.timeline.forms import answered, move_buttons, open_form
from publicmeeting.ui.citizen.timeline.moves import Move
from publicmeeting.ui.citizen.timeline.orders import OrderView
from publicmeeting.ui.citizen.timeline.state import TimelineState as S
from publicmeeting.ui.design.dialogs import dialog
from publicmeeting.ui.design.flow import Handler, any_of, each
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.paper import order_paper
from publicmeeting.ui.design.photos import photo_thumbs
from publicmeeting.ui.design.promise import promise_clock
from publicmeeting.ui.design.sheets import badge, quote, sheet


def orders(found: Sequence[OrderView]) -> rx.Component:
    return each(found, _order)


def _order(one: OrderView) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(said.ORDER, class_name="text-h2"),
            badge(one.badge),
            class_name="flex flex-wrap items-center justify-between gap-2",
        ),
        rx.cond(one.done.key, _question(one)),
        _paper(one),
        rx.cond(
            any_of(one.clock.days),
            rx.el.div(
                promise_clock(one.clock),
                rx.cond(one.first_due, rx.el.p(one.first_due, class_name="mt-2 text-ink2")),
            ),
            rx.el.p(icon("unit"), rx.el.span(one.unit), class_name="with-icon"),
        ),
        rx.cond(one.asked, quote(one.asked_by, one.asked)),
        answered(one.number),
        move_buttons(one.moves),
        open_form(one.number),
        class_name="mt-6 grid gap-4",
    )


def _paper(one: OrderView) -> rx.Component:
    """The sheet as it was signed, its larger view and its text; a referral is text alone."""
    zoom, text = f"zoom-{one.number}", f"text-{one.number}"
    sheet_image = rx.el.figure(
        rx.el.img(src=one.image, alt=one.image_says, class_name="w-full", decoding="async"),
        class_name="paper",
    )
    opened = rx.el.div(
        _opener("zoom", chrome.ZOOM, "zoom-", one),
        _opener("doc", chrome.READ_TEXT, "text-", one),
        class_name="pair",
    )
    return rx.cond(
        one.image,
        rx.el.div(
            sheet_image,
            opened,
            dialog(zoom, order_sheet.TITLE, sheet_image, full=True),
            dialog(
                text,
                order_sheet.TITLE,
                rx.el.p(one.text, class_name="max-w-read whitespace-pre-line text-h3 font-normal"),
            ),
            class_name="grid gap-3",
        ),
        order_paper(one.paper),
    )


def _opener(sign: str, word: str, begins: str, one: OrderView) -> rx.Component:
    """Opens the dialog of this very order: its id is put together in the browser."""
    script = f"document.getElementById('{begins}'+" + str(one.number) + ").showModal()"
    return rx.el.button(
        icon(sign),
        rx.el.span(word),
        type="button",
        on_click=rx.run_script(script),
        class_name="btn btn-secondary",
    )


def _question(one: OrderView) -> rx.Component:
    """Was it done? Two equal answers; «no» opens its form with a note and pictures."""
    return sheet(
        rx.el.div(
            rx.el.h3(said.DONE_Q, class_name="text-h3"),
            rx.cond(one.basis, rx.el.p(one.basis, class_name="text-ink2")),
            rx.cond(
                one.report,
                rx.el.blockquote(
                    one.report, class_name="mt-2 whitespace-pre-line border-s-4 border-edge ps-3"
                ),
            ),
            rx.cond(
                any_of(one.report_photos),
                rx.el.div(photo_thumbs(one.report_photos), class_name="mt-3"),
            ),
            rx.el.div(
                _answer(one.done, "check", "btn btn-good btn-sm", S.tap),
                _answer(one.contest, "close", "btn btn-danger btn-sm", S.choose),
                class_name="pair mt-3",
            ),
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
