"""What the mayor's table and reception share on a Monday: its list, news of the hall, the print.

The print button is a native form, because the answer contains citizens' names.
"""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from publicmeeting.domain.stages import Stage
from publicmeeting.kit.digits import persian
from publicmeeting.text.meetings import paper_text, reception_text
from publicmeeting.ui.design.controls import ButtonKind, button, text_link
from publicmeeting.ui.design.flow import shown
from publicmeeting.ui.shell.act import Asking, query, try_execute
from publicmeeting.usecases.meetings.agenda import ADay, DayBoard, monday_list, open_monday

Hall = Mapping[str, tuple[int, Stage]]
"""Number and stage of each visitor of a day, by tracking code. Another day has other codes."""


def hall_of(board: DayBoard) -> Hall:
    return {visitor.code: (visitor.number, visitor.stage) for visitor in board.visitors}


def hall_news(before: Hall, now: Hall) -> str:
    """Return who has come, gone in or been met since `before`, by number; "" if nothing changed.

    Announced to users who do not see the list change.
    """
    words = reception_text.HALL_NEWS
    lines = [
        reception_text.DONE_LINE.format(number=persian(number), what=words[stage])
        for code, (number, stage) in now.items()
        if stage in words and code in before and words[stage] != words.get(before[code][1])
    ]
    return " ".join(lines)


async def list_with_names(state: Asking, day: ADay) -> DayBoard | None:
    """Return the list of a day for an open page.

    Somebody may get a seat while the page is open, as a standby who is present. Her name is opened,
    and recorded, like the names with which the page began.
    """
    seen = await query(state, monday_list, day)
    if seen is not None and seen.has_new_name:
        await try_execute(state, open_monday, day)
        seen = await query(state, monday_list, day)
    return seen


LIST = "/monday/list.pdf"
ENTRY = "/monday/paper/"


def print_sheet(on: str, district: Any) -> rx.Component:
    """Button to print the sheet of a past day: who came, and the result of each meeting."""
    return _printing(on, district, paper_text.SHEET, paper_text.SHEET_LEAD, "secondary")


def entry_link() -> rx.Component:
    """Link to the page where records on paper are entered."""
    return text_link(paper_text.ENTRY, ENTRY)


def _printing(on: str, district: Any, label: str, lead: str, kind: ButtonKind) -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="monday", value=on),
        rx.el.input(type="hidden", name="district", value=district),
        button(label, kind=kind, size="sm", sign="print", submit=True),
        method="post",
        action=LIST,
        target="_blank",
        on_submit=None,
        title=lead,
        class_name="no-print",
    )


def print_list(on: str, district: Any, is_entry_open: Any) -> rx.Component:
    """Button to print a day's list, and while the day lasts the link to the paper entry.

    `on` is the shown day as ISO text; empty means today's Monday or the next one. `district` is its
    district.
    """
    return rx.el.div(
        # Between two links, it looks like them.
        _printing(on, district, paper_text.PRINT, paper_text.PRINT_LEAD, "quiet"),
        shown(is_entry_open, entry_link()),
        class_name="no-print flex flex-wrap items-center gap-x-4 gap-y-1",
    )
