"""Components of the mayor's orders: the promise, the paper, its chain of custody, each unit's
part."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.text.orders import sheet_text
from publicmeeting.text.tracking import citizen_orders_text, road_text
from publicmeeting.ui.citizen.timeline.forms import (
    answer_line,
    move_buttons,
    open_form,
    question_card,
)
from publicmeeting.ui.citizen.timeline.moves import Move
from publicmeeting.ui.citizen.timeline.orders import CustodyLine, CustodyView, OrderView, SheetView
from publicmeeting.ui.citizen.timeline.state import TimelineState as S
from publicmeeting.ui.design.controls import button, dialog
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import Handler, any_of, each
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.paper import fingerprint, order_paper, promise_clock
from publicmeeting.ui.design.sheets import badge, notice, photo_pairs, photo_thumbs, quote, sheet


def orders(sheets: Sequence[SheetView]) -> rx.Component:
    """Each paper with its promise, and below it the order to each unit."""
    return each(sheets, _sheet)


def _sheet(one: SheetView) -> rx.Component:
    """One paper. If it has several orders, the paper appears once, with each unit below it."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(road_text.ORDER, class_name="text-h2"),
            each(one.orders, _badges_of_one),
            class_name="flex flex-wrap items-center justify-between gap-2",
        ),
        rx.cond(one.promise, _promise(one.promise)),
        # Only a report that waits for her answer is above its paper.
        each(one.orders, _report),
        _paper(one),
        rx.cond(one.shared, rx.el.p(one.shared, class_name="text-ink2")),
        each(one.orders, _order),
        class_name="mt-6 grid gap-4",
    )


def _badges_of_one(order: OrderView) -> rx.Component:
    """The badges of a paper with one unit, beside the heading."""
    return rx.cond(order.shared, rx.fragment(), _badges(order))


def _badges(order: OrderView) -> rx.Component:
    return rx.el.div(badge(order.urgent), badge(order.badge), class_name="flex flex-wrap gap-2")


def _report(order: OrderView) -> rx.Component:
    return rx.el.div(
        rx.cond(order.done.key, _report_question(order)),
        answer_line(order.report_place),
        # Not lower, because the paper below fills a whole screen.
        open_form(order.report_place),
        class_name="grid gap-4 empty:hidden",
    )


def _order(order: OrderView) -> rx.Component:
    head = rx.el.div(
        rx.el.h3(order.unit, class_name="text-h3"),
        _badges(order),
        class_name="flex flex-wrap items-center justify-between gap-2",
    )
    alone = rx.cond(any_of(order.clock.days), promise_clock(order.clock), _unit(order))
    beside = rx.fragment(
        rx.cond(order.due_line, rx.el.p(order.due_line)),
        rx.cond(
            any_of(order.clock.days),
            rx.el.details(
                rx.el.summary(citizen_orders_text.DUE_DAYS, class_name="disclosure link w-fit"),
                rx.el.div(promise_clock(order.clock), class_name="mt-2"),
            ),
        ),
    )
    pause = notice(order.pause, tone="saffron", action=rx.el.p(order.pause_then))
    return rx.el.section(
        rx.cond(order.shared, head),
        rx.cond(order.promise, _promise(order.promise)),
        rx.cond(order.late, notice(order.late, tone="brick")),
        rx.cond(order.pause, pause),
        rx.cond(order.shared, beside, alone),
        rx.cond(
            any_of(order.notes),
            rx.el.ul(each(order.notes, _note), class_name="grid gap-1 text-ink2"),
        ),
        rx.el.div(
            question_card(order.done_question),
            answer_line(order.done_question_place),
            class_name="grid gap-4 empty:hidden",
        ),
        rx.cond(order.question, quote(order.question_by, order.question)),
        answer_line(order.number),
        move_buttons(order.moves),
        open_form(order.number),
        class_name=rx.cond(order.shared, "grid gap-3 border-t-2 border-line pt-4", "grid gap-4"),
    )


def _unit(order: OrderView) -> rx.Component:
    return rx.el.p(icon("unit"), rx.el.span(order.unit), class_name="with-icon")


def _note(text: str) -> rx.Component:
    return rx.el.li(text, class_name="wrap-anywhere")


def _report_question(order: OrderView) -> rx.Component:
    """Whether the report is true: two equal answers. «No» opens a form with a note and pictures."""
    pictures = rx.cond(
        any_of(order.before_photos),
        photo_pairs(
            order.before_photos,
            order.report_photos,
            (citizen_orders_text.BEFORE, citizen_orders_text.AFTER),
        ),
        rx.cond(any_of(order.report_photos), photo_thumbs(order.report_photos)),
    )
    return sheet(
        rx.el.div(
            rx.el.h3(road_text.DONE_Q, class_name="text-h3"),
            rx.cond(order.shared, rx.el.p(order.unit)),
            rx.cond(order.basis, rx.el.p(order.basis, class_name="text-ink2")),
            rx.cond(
                order.report,
                rx.el.blockquote(
                    order.report,
                    class_name="mt-2 whitespace-pre-line wrap-anywhere border-s-4 border-edge ps-3",
                ),
            ),
            rx.el.div(pictures, class_name="mt-3 empty:hidden"),
            rx.el.div(
                _answer(order.done, "check", "btn btn-good btn-sm", S.tap),
                _answer(order.contest, "close", "btn btn-danger btn-sm", S.choose, opens=True),
                class_name="pair mt-3",
            ),
            rx.cond(order.answer_until, rx.el.p(order.answer_until, class_name="mt-2")),
            rx.el.p(road_text.REOPENS, class_name="mt-2 text-ink2"),
        )
    )


def _answer(
    move: Move, sign: str, classes: str, event: Handler, *, opens: bool = False
) -> rx.Component:
    is_open = {"aria_expanded": rx.cond(S.move.key == move.key, "true", "false")}
    return rx.cond(
        move.key,
        rx.el.button(
            icon(sign),
            rx.el.span(move.label),
            type="button",
            on_click=event(move.key),
            class_name=classes,
            **(is_open if opens else {}),
        ),
    )


def _promise(sentence: str) -> rx.Component:
    """What the mayor has promised, in one sentence."""
    return rx.el.div(
        rx.el.p(citizen_orders_text.PROMISED, class_name="text-meta text-ink2"),
        rx.el.p(sentence, class_name="wrap-anywhere text-h3 font-semibold"),
        class_name="border-s-4 border-glaze ps-3",
    )


def _paper(one: SheetView) -> rx.Component:
    """The signed sheet with its larger view and its text. A referral has only a text."""
    sheet_image = rx.el.figure(
        rx.el.img(src=one.image, alt=one.image_alt, class_name="w-full", decoding="async"),
        class_name="paper",
    )
    zoom = _opener("zoom", chrome_text.ZOOM, "whole-", one)
    read = _opener("doc", chrome_text.READ_TEXT, "text-", one)
    by_hand = rx.el.p(citizen_orders_text.NO_TEXT, class_name="text-ink2")
    links = rx.cond(
        one.text,
        rx.el.div(zoom, read, class_name="pair"),
        rx.el.div(by_hand, zoom, class_name="grid gap-3"),
    )
    printable = button(
        citizen_orders_text.PDF,
        kind="secondary",
        size="sm",
        sign="print",
        href=one.pdf,
        native=True,
    )
    text = rx.el.div(
        rx.el.p(one.text, class_name="whitespace-pre-line wrap-anywhere text-h3 font-normal"),
        rx.cond(one.rest, rx.el.p(one.rest, class_name="border-t border-line pt-3")),
        class_name="grid max-w-read gap-3",
    )
    return rx.cond(
        one.image,
        rx.el.div(
            sheet_image,
            links,
            rx.cond(one.pdf, rx.el.div(printable, class_name="grid")),
            _custody(one.custody),
            dialog(f"whole-{one.number}", sheet_text.TITLE, sheet_image, full=True),
            rx.cond(one.text, dialog(f"text-{one.number}", sheet_text.TITLE, text)),
            class_name="grid gap-3",
        ),
        rx.cond(one.hidden, notice(one.hidden), order_paper(one.paper)),
    )


def _custody(custody: CustodyView) -> rx.Component:
    """Since when the paper is unchanged, and each file on request; a warning if one has changed."""
    line = rx.el.div(
        fingerprint(custody.mark, custody.mark_label),
        rx.el.p(
            rx.el.span(custody.sound, class_name="block"),
            ltr(custody.mark, "font-semibold"),
            class_name="text-meta text-ink2",
        ),
        class_name="flex items-center gap-4",
    )
    files = rx.el.details(
        rx.el.summary(sheet_text.STEPS, class_name="disclosure link w-fit"),
        rx.el.ol(each(custody.lines, _file), class_name="mt-2 grid gap-2"),
        rx.el.p(sheet_text.WHY, class_name="mt-3 text-meta text-ink2"),
    )
    broken = notice(
        sheet_text.BROKEN,
        custody.broken,
        tone="brick",
        action=rx.el.p(sheet_text.BROKEN_THEN),
    )
    return rx.cond(
        any_of(custody.lines),
        rx.el.div(rx.cond(custody.broken, broken, line), files, class_name="grid gap-1"),
    )


def _file(line: CustodyLine) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(line.word, class_name="block font-semibold"),
            rx.el.span(line.when, class_name="block text-meta text-ink2"),
            rx.cond(
                line.wrong, rx.el.span(line.wrong, class_name="block font-semibold text-brick")
            ),
        ),
        ltr(line.mark, "text-meta"),
        class_name="flex items-start justify-between gap-4",
    )


def _opener(sign: str, label: str, prefix: str, one: SheetView) -> rx.Component:
    script = f"document.getElementById('{prefix}'+" + str(one.number) + ").showModal()"
    return rx.el.button(
        icon(sign),
        rx.el.span(label),
        type="button",
        on_click=rx.run_script(script),
        class_name="btn btn-secondary",
    )
