"""The press that prints the list of a Monday: a plain form, because the names go out by it."""

import reflex as rx

from publicmeeting.text.meetings import paper_text
from publicmeeting.ui.design.controls import button

LIST = "/monday/list.pdf"


def print_list(on: str) -> rx.Component:
    """`on` is the ISO day that is shown; empty for today's Monday or the next."""
    return rx.el.form(
        rx.el.input(type="hidden", name="monday", value=on),
        button(paper_text.PRINT, kind="secondary", size="sm", sign="print", submit=True),
        method="post",
        action=LIST,
        target="_blank",
        on_submit=None,
        title=paper_text.PRINT_LEAD,
        class_name="no-print",
    )
