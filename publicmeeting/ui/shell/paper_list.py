"""The press that prints the list of a Monday: a plain form, because the names go out by it. Beside
it the way to enter what happened on paper."""

from typing import Any

import reflex as rx

from publicmeeting.text.meetings import paper_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.links import text_link

LIST = "/monday/list.pdf"
ENTRY = "/monday/paper/"


def print_sheet(on: str, district: Any) -> rx.Component:
    """The sheet of a day that is over: who came and what became of it."""
    return _printing(on, district, paper_text.SHEET, paper_text.SHEET_LEAD)


def entry_link() -> rx.Component:
    """To where what happened on paper is entered."""
    return text_link(paper_text.ENTRY, ENTRY)


def _printing(on: str, district: Any, label: str, lead: str) -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="monday", value=on),
        rx.el.input(type="hidden", name="district", value=district),
        button(label, kind="secondary", size="sm", sign="print", submit=True),
        method="post",
        action=LIST,
        target="_blank",
        on_submit=None,
        title=lead,
        class_name="no-print",
    )


def print_list(on: str, district: Any) -> rx.Component:
    """`on` is the ISO day that is shown; empty for today's Monday or the next, of `district`."""
    return rx.el.div(
        _printing(on, district, paper_text.PRINT, paper_text.PRINT_LEAD),
        entry_link(),
        class_name="no-print flex flex-wrap items-center gap-x-4 gap-y-1",
    )
