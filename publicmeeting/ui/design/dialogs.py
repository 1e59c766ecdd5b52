"""Full-screen and small dialogs by the browser's own element: focus stays in, Esc closes."""

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.design.flow import Handler
from publicmeeting.ui.design.icons import icon


def dialog(
    id: str,  # noqa: A002 (the markup's own word)
    title: str,
    *content: rx.Component,
    full: bool = False,
) -> rx.Component:
    """Opened by `open_dialog(id)`; the close button stands in its head."""
    head = rx.el.div(
        rx.el.h2(title, class_name="text-h2"),
        rx.el.form(
            rx.el.button(icon("close"), chrome_text.CLOSE, class_name="btn btn-secondary btn-sm"),
            method="dialog",
            on_submit=None,
        ),
        class_name="flex items-center justify-between gap-4 p-4",
    )
    body = rx.el.div(*content, class_name="zoom-body" if full else "px-4 pb-6")
    look = "zoom" if full else "dialog"
    return rx.el.dialog(head, body, id=id, aria_label=title, class_name=look)


def open_dialog(id: str) -> Handler:  # noqa: A002 (the markup's own word)
    """The event that opens a dialog of this page; runs in the page, asks no server."""
    return rx.run_script(f"document.getElementById('{id}').showModal()")


def close_dialog(id: str) -> Handler:  # noqa: A002 (the markup's own word)
    """The event that closes it, beside the one that does the work."""
    return rx.run_script(f"document.getElementById('{id}').close()")
