"""An order's paper on the page: what was promised, the sheet as it was signed, and its custody."""

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.text.orders import document_audit_text as kept
from publicmeeting.text.orders import sheet_text
from publicmeeting.text.tracking import citizen_orders_text as said
from publicmeeting.ui.citizen.timeline.sheets import CustodyLine, CustodyView, SheetView
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.dialogs import dialog
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import any_of, each
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.paper import order_paper
from publicmeeting.ui.design.sheets import notice
from publicmeeting.ui.design.ticket import fingerprint


def promise_words(words: str) -> rx.Component:
    """The plain sentence that everything below is about."""
    return rx.el.div(
        rx.el.p(said.PROMISED, class_name="text-meta text-ink2"),
        rx.el.p(words, class_name="wrap-anywhere text-h3 font-semibold"),
        class_name="border-s-4 border-glaze ps-3",
    )


def paper_of(one: SheetView) -> rx.Component:
    """The sheet as it was signed, its larger view and its text; a referral is text alone."""
    sheet_image = rx.el.figure(
        rx.el.img(src=one.image, alt=one.image_says, class_name="w-full", decoding="async"),
        class_name="paper",
    )
    ways = rx.el.div(
        _opener("zoom", chrome_text.ZOOM, "zoom-", one),
        _opener("doc", chrome_text.READ_TEXT, "text-", one),
        class_name="pair",
    )
    printable = button(
        said.PDF, kind="secondary", size="sm", sign="print", href=one.pdf, native=True
    )
    text = rx.cond(
        one.text,
        rx.el.div(
            rx.el.p(one.text, class_name="whitespace-pre-line wrap-anywhere text-h3 font-normal"),
            rx.cond(one.rest, rx.el.p(one.rest, class_name="border-t border-line pt-3")),
            class_name="grid max-w-read gap-3",
        ),
        rx.el.p(said.NO_TEXT),
    )
    return rx.cond(
        one.image,
        rx.el.div(
            sheet_image,
            ways,
            rx.cond(one.pdf, rx.el.div(printable, class_name="grid")),
            custody(one.custody),
            dialog(f"zoom-{one.number}", sheet_text.TITLE, sheet_image, full=True),
            dialog(f"text-{one.number}", sheet_text.TITLE, text),
            class_name="grid gap-3",
        ),
        order_paper(one.paper),
    )


def custody(one: CustodyView) -> rx.Component:
    """Quiet while all is well: since when it is unchanged, and every file on request."""
    line = rx.el.div(
        fingerprint(one.mark, one.mark_says),
        rx.el.p(
            rx.el.span(one.sound, class_name="block"),
            ltr(one.mark, "font-semibold"),
            class_name="text-meta text-ink2",
        ),
        class_name="flex items-center gap-4",
    )
    files = rx.el.details(
        rx.el.summary(kept.STEPS, class_name="link nav-link cursor-pointer"),
        rx.el.ol(each(one.lines, _file), class_name="mt-2 grid gap-2"),
        rx.el.p(kept.WHY, class_name="mt-3 text-meta text-ink2"),
    )
    broken = notice(kept.BROKEN, one.broken, tone="brick", action=rx.el.p(kept.BROKEN_THEN))
    return rx.cond(
        any_of(one.lines),
        rx.el.div(rx.cond(one.broken, broken, line), files, class_name="grid gap-1"),
    )


def _file(one: CustodyLine) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(one.word, class_name="block font-semibold"),
            rx.el.span(one.when, class_name="block text-meta text-ink2"),
            rx.cond(one.wrong, rx.el.span(one.wrong, class_name="block font-semibold text-brick")),
        ),
        ltr(one.mark, "text-meta"),
        class_name="flex items-start justify-between gap-4",
    )


def _opener(sign: str, word: str, begins: str, one: SheetView) -> rx.Component:
    script = f"document.getElementById('{begins}'+" + str(one.number) + ").showModal()"
    return rx.el.button(
        icon(sign),
        rx.el.span(word),
        type="button",
        on_click=rx.run_script(script),
        class_name="btn btn-secondary",
    )
