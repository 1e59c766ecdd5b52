"""Stock texts over the sheet: take one, keep what stands there, forget one."""

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from publicmeeting.text import meeting as words
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.dialogs import close_dialog, dialog, open_dialog
from publicmeeting.ui.design.fields import field
from publicmeeting.ui.design.flow import Handler, any_of
from publicmeeting.ui.design.sheets import notice
from publicmeeting.ui.mayor.meeting.writing import visitor_of
from publicmeeting.ui.mayor.stock import Text, text_rows, texts_of
from publicmeeting.ui.mayor.under import tell_under
from publicmeeting.ui.shell.act import Asking, act, glance
from publicmeeting.ui.shell.typed import text_of
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.cases import OneCase
from publicmeeting.usecases.signing import (
    TITLE_MOST,
    KeepTemplate,
    OneTemplate,
    at_hand,
    drop_template,
    keep_template,
)
from publicmeeting.usecases.unfinished import (
    KeepUnfinished,
    keep_unfinished,
    unfinished_sheet,
)
from publicmeeting.usecases.wish import MAX_TEXT

STOCK = "stock-texts"
FIELD = "text"
"""Id of the field on the sheet."""


class StockState(Asking, rx.State):
    """The dialog's own answers: what it refuses is said in it, not on the sheet behind."""

    texts: list[Text] = []

    @rx.event
    async def load(self) -> None:
        """The texts at hand."""
        self.done = ""
        await self._read()

    @rx.event
    async def drop(self, template: str) -> None:
        """Forget one."""
        await act(self, drop_template, OneTemplate, id=template)
        await self._read()

    @rx.event
    async def put(self, template: str) -> AsyncIterator[Any]:
        """Add one to the end of what is typed on the sheet."""
        chosen = next((one.text for one in self.texts if one.id == template), "")
        text = "\n".join(part for part in (await self._typed(), chosen) if part)[:MAX_TEXT]
        code = visitor_of(self)
        if await act(self, keep_unfinished, KeepUnfinished, code=code, fields={"text": text}):
            yield rx.set_value(FIELD, text)

    @rx.event
    async def keep(self, form: dict[str, Any]) -> None:
        """Keep the text of the sheet under a name."""
        title, text = text_of(form.get("title")), await self._typed()
        if await act(self, keep_template, KeepTemplate, title=title, text=text) is not None:
            self.done = words.STOCK_KEPT
        tell_under(self, "title")
        await self._read()

    async def _typed(self) -> str:
        """The sheet's text as the browser has kept it when the field was left."""
        kept = await glance(self, unfinished_sheet, OneCase(code=visitor_of(self)))
        return kept.fields.get("text", "") if kept else ""

    async def _read(self) -> None:
        seen = await glance(self, at_hand, Nothing())
        self.texts = texts_of(seen) if seen else []


def stock_dialog() -> rx.Component:
    """The text is put into the field by the page itself: what stands there already stays."""
    said = StockState
    return dialog(
        STOCK,
        words.STOCK,
        rx.el.div(
            rx.cond(
                any_of(said.texts),
                rx.el.div(
                    rx.el.p(words.STOCK_LEAD, class_name="mb-2 text-ink2"),
                    text_rows(said.texts, said.drop, _take),
                ),
                rx.el.p(words.STOCK_NONE, class_name="text-ink2"),
            ),
            rx.cond(said.done, notice(said.done)),
            rx.el.form(
                field(
                    words.STOCK_TITLE, "title", error=said.errors["title"], max_length=TITLE_MOST
                ),
                button(words.STOCK_KEEP, kind="secondary", submit=True),
                on_submit=said.keep,
                method="post",
                class_name="grid gap-3",
            ),
            class_name="grid gap-4",
        ),
    )


def _take(template: Any) -> Handler:  # noqa: ANN401 (a var)
    return [StockState.put(template), close_dialog(STOCK)]


def opener() -> rx.Component:
    """The button that opens it, with what is at hand now."""
    open_it = [StockState.load, open_dialog(STOCK)]
    return button(words.STOCK, kind="soft", size="sm", sign="list", on_click=open_it)
