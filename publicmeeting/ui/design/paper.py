"""The mayor's order as paper: the only sheet with a shadow, never restyled, light in dark mode."""

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.dialogs import dialog, open_dialog
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import pick, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import OrderPaper
from publicmeeting.ui.design.tehran import mark


def order_paper(one: OrderPaper) -> rx.Component:
    """The sheet alone: letterhead, ink, foot with the first characters of the public log."""
    sheet = rx.el.article(
        letterhead(one),
        rx.el.div(_ink(one), class_name="paper-ink"),
        rx.el.div(
            rx.el.span(one.foot),
            shown(one.log, rx.el.span(chrome_text.ORDER_LOG, " ", ltr(one.log))),
            class_name="paper-foot",
        ),
        aria_label=one.title,
        class_name=pick(one.kind == "photo", "paper paper-photo", "paper"),
    )
    whole = pick(one.kind == "sheet", _whole(one), sheet)
    return pick(one.kind == "waiting", _waiting(), whole)


def _whole(one: OrderPaper) -> rx.Component:
    """The composed picture: letterhead, ink and foot are already in it."""
    return rx.el.article(
        rx.el.img(
            src=one.image,
            alt=one.image_says,
            loading="lazy",
            decoding="async",
            class_name="h-auto w-full",
        ),
        aria_label=one.title,
        class_name="paper overflow-hidden",
    )


def letterhead(one: OrderPaper) -> rx.Component:
    """The head of the sheet; also over the mayor's ink pad."""
    return rx.el.header(
        rx.el.div(
            mark(one.district),
            rx.el.div(
                rx.el.p(one.unit_name, class_name="paper-unit"),
                rx.el.p(one.title, class_name="text-ink2"),
            ),
            class_name="flex items-center gap-2.5",
        ),
        rx.el.dl(
            _fact(chrome_text.ORDER_DATE, one.date),
            _fact(chrome_text.ORDER_NUMBER, one.number),
        ),
        class_name="paper-head",
    )


def _fact(label: str, value: str) -> rx.Component:
    return shown(
        value,
        rx.el.div(
            rx.el.dt(label, class_name="font-normal text-ink2"),
            rx.el.dd(value),
            class_name="flex gap-1.5",
        ),
    )


def _ink(one: OrderPaper) -> rx.Component:
    image = rx.el.img(src=one.image, alt=one.image_says, loading="lazy", decoding="async")
    typed = rx.el.p(one.text, class_name="paper-typed")
    return pick(one.kind == "typed", typed, image)


def _waiting() -> rx.Component:
    """A raw outline until the session is known: nothing of the order is in the page."""
    return rx.el.div(
        icon("lock"), rx.el.p(chrome_text.ORDER_HIDDEN), class_name="paper paper-raw gap-3 p-6"
    )


def order_sheet(one: OrderPaper, id: str = "order") -> rx.Component:  # noqa: A002 (the markup's own word)
    """The paper, its two buttons below, the larger view and the text version."""
    zoom, text = f"{id}-zoom", f"{id}-text"
    return rx.el.div(
        order_paper(one),
        shown(
            one.kind != "waiting",
            rx.el.div(
                rx.el.div(
                    _opener("zoom", chrome_text.ZOOM, zoom),
                    _opener("doc", chrome_text.READ_TEXT, text),
                    class_name="pair mt-3",
                ),
                dialog(zoom, one.title, order_paper(one), full=True),
                dialog(
                    text,
                    one.title,
                    rx.el.p(
                        one.text, class_name="max-w-read whitespace-pre-line text-h3 font-normal"
                    ),
                ),
            ),
        ),
    )


def _opener(sign: str, word: str, target: str) -> rx.Component:
    return button(word, kind="secondary", sign=sign, on_click=open_dialog(target))
