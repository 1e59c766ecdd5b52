"""Stock texts over the sheet: take one, keep what stands there, forget one."""

from typing import Any

import reflex as rx

from publicmeeting.text.meetings import meeting_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.dialogs import close_dialog, dialog, open_dialog
from publicmeeting.ui.design.fields import field
from publicmeeting.ui.design.flow import Handler, any_of
from publicmeeting.ui.design.sheets import notice, spoken
from publicmeeting.ui.mayor.profile.state import ProfileState
from publicmeeting.ui.mayor.stock import text_rows
from publicmeeting.usecases.orders.paper.signing import TITLE_MOST

STOCK = "stock-texts"


def stock_dialog() -> rx.Component:
    """The text is put into the field by the page itself: what stands there already stays."""
    said = ProfileState
    return dialog(
        STOCK,
        meeting_text.STOCK,
        rx.el.div(
            rx.cond(
                any_of(said.texts),
                rx.el.div(
                    rx.el.p(meeting_text.STOCK_LEAD, class_name="mb-2 text-ink2"),
                    text_rows(said.texts, said.drop_text, _take),
                ),
                rx.el.p(meeting_text.STOCK_NONE, class_name="text-ink2"),
            ),
            spoken(rx.cond(said.done, notice(said.done))),
            rx.el.form(
                field(
                    meeting_text.STOCK_TITLE,
                    "title",
                    error=said.errors["title"],
                    max_length=TITLE_MOST,
                ),
                button(meeting_text.STOCK_KEEP, kind="secondary", submit=True),
                on_submit=said.keep_typed,
                method="post",
                class_name="grid gap-3",
            ),
            class_name="grid gap-4",
        ),
    )


def _take(template: Any) -> Handler:  # noqa: ANN401 (a var)
    return [ProfileState.put_text(template), close_dialog(STOCK)]


def opener() -> rx.Component:
    """The button that opens it, with what is at hand now."""
    open_it = [ProfileState.load, open_dialog(STOCK)]
    return button(meeting_text.STOCK, kind="soft", size="sm", sign="list", on_click=open_it)
