"""Printing of a Monday's list, and the link to where paper entries are typed in.

The print button is a native form, because the answer contains citizens' names.
"""

from typing import Any

import reflex as rx

from publicmeeting.text.meetings import paper_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.links import text_link

LIST = "/monday/list.pdf"
ENTRY = "/monday/paper/"


def print_sheet(on: str, district: Any) -> rx.Component:
    """Button to print the sheet of a past day: who came, and the result of each meeting."""
    return _printing(on, district, paper_text.SHEET, paper_text.SHEET_LEAD)


def entry_link() -> rx.Component:
    """Link to the page where records on paper are entered."""
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
    """Button to print a day's list, with the link to the paper entry.

    `on` is the shown day as ISO text; empty means today's Monday or the next one. `district` is its
    district.
    """
    return rx.el.div(
        _printing(on, district, paper_text.PRINT, paper_text.PRINT_LEAD),
        entry_link(),
        class_name="no-print flex flex-wrap items-center gap-x-4 gap-y-1",
    )
