"""The profile of whoever receives citizens."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import reflex as rx

from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.orders import profile_text
from publicmeeting.ui.mayor.stock import Text, texts_of
from publicmeeting.ui.mayor.under import tell_under
from publicmeeting.ui.mayor.views import Head, head
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query, try_query
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.base import MAX_TEXT
from publicmeeting.usecases.orders.paper.drafts import (
    KeepUnfinished,
    keep_unfinished,
    unfinished_sheet,
)
from publicmeeting.usecases.orders.paper.signing import (
    KeepTemplate,
    OneTemplate,
    OrderProfile,
    Sign,
    drop_template,
    keep_template,
    order_profile,
    sign,
    unsign,
)
from publicmeeting.usecases.screening.cases import OneCase

TYPED = "text"
"""Id of the field for a text, on the sheet as on the profile."""


def last_part(state: rx.State) -> str:
    """The end of the address: a visitor's code."""
    return state.router.url.path.strip("/").rpartition("/")[2]


@dataclass(frozen=True)
class Own(ViewModel):
    """`ink` is the signature as strokes; `round` changes with every reading of it, so that the
    pad begins again with what is kept."""

    name: str = ""
    ink: str = ""
    since: str = ""
    round: int = 0


class ProfileState(Asking, rx.State):
    """The screen of `/mayor/profile`, and the dialog of stock texts over a visitor's sheet."""

    head: Head = Head()
    own: Own = Own()
    texts: list[Text] = []

    @rx.event
    async def load(self) -> None:
        """What is at hand."""
        self.errors, self.refused, self.done = {}, "", ""
        await self._read()

    @rx.event
    async def sign(self, form: Form) -> None:
        """Keep what was drawn as the signature."""
        if await self._did(sign, Sign, profile_text.KEPT, ink=text_of(form.get("ink"))):
            await self._read()

    @rx.event
    async def unsign(self) -> None:
        """Only the printed name from now on."""
        if await self._did(unsign, Nothing, profile_text.DROPPED):
            await self._read()

    @rx.event
    async def keep_text(self, form: Form) -> None:
        """Keep a text under a name; a refused form stays as it is."""
        given = {name: text_of(form.get(name)) for name in ("title", "text")}
        if await self._did(keep_template, KeepTemplate, profile_text.TEXT_KEPT, **given):
            await self._read()

    @rx.event
    async def drop_text(self, template: str) -> None:
        """Forget one."""
        if await self._did(drop_template, OneTemplate, profile_text.TEXT_DROPPED, id=template):
            await self._read()

    @rx.event
    async def put_text(self, template: str) -> AsyncIterator[Any]:
        """Add one to the end of what is typed on a visitor's sheet."""
        chosen = next((one.text for one in self.texts if one.id == template), "")
        text = "\n".join(part for part in (await self._typed(), chosen) if part)[:MAX_TEXT]
        code = last_part(self)
        if await execute(self, keep_unfinished, KeepUnfinished, code=code, fields={"text": text}):
            yield rx.set_value(TYPED, text)

    @rx.event
    async def keep_typed(self, form: Form) -> None:
        """Keep the text of a visitor's sheet under a name."""
        given = {"title": text_of(form.get("title")), "text": await self._typed()}
        if await self._did(keep_template, KeepTemplate, profile_text.TEXT_KEPT, **given):
            await self._read()
        tell_under(self, "title")

    async def _typed(self) -> str:
        """The sheet's text as the browser has kept it when the field was left."""
        kept = await try_query(self, unfinished_sheet, OneCase(code=last_part(self)))
        return kept.fields.get("text", "") if kept else ""

    async def _did(self, usecase: Any, command: Any, said: str, **given: object) -> bool:  # noqa: ANN401 (any of the above)
        await execute(self, usecase, command, None, **given)
        if self.errors or self.refused or self.signed_out:
            return False
        self.done = said
        return True

    async def _read(self) -> None:
        seen = await query(self, order_profile, Nothing())
        if seen is not None:
            self._show(seen)

    def _show(self, seen: OrderProfile) -> None:
        drawn = seen.signature
        self.head = head(tehran_day(seen.now), seen.district, seen.now)
        self.own = Own(
            seen.name,
            drawn.ink if drawn else "",
            profile_text.SINCE.format(day=day_words(tehran_day(drawn.drawn_at))) if drawn else "",
            self.own.round + 1,
        )
        self.texts = texts_of(seen)
