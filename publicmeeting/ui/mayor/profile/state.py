"""The profile of whoever receives citizens."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import day_words
from publicmeeting.text import profile as words
from publicmeeting.ui.design.view import View
from publicmeeting.ui.mayor.stock import Text, texts_of
from publicmeeting.ui.mayor.views import Head, head
from publicmeeting.ui.shell.act import Asking, act, look
from publicmeeting.ui.shell.typed import text_of
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.signing import (
    AtHand,
    KeepTemplate,
    OneTemplate,
    Sign,
    at_hand,
    drop_template,
    keep_template,
    sign,
    unsign,
)


@dataclass(frozen=True)
class Own(View):
    """`ink` is the signature as strokes; `round` changes with every reading of it, so that the
    pad begins again with what is kept."""

    name: str = ""
    ink: str = ""
    since: str = ""
    round: int = 0


class ProfileState(Asking, rx.State):
    """The screen of `/mayor/profile`."""

    head: Head = Head()
    own: Own = Own()
    texts: list[Text] = []

    @rx.event
    async def load(self) -> None:
        """What is at hand."""
        self.errors, self.refused, self.done = {}, "", ""
        await self._read()

    @rx.event
    async def sign(self, form: dict[str, Any]) -> None:
        """Keep what was drawn as the signature."""
        if await self._did(sign, Sign, words.KEPT, ink=text_of(form.get("ink"))):
            await self._read()

    @rx.event
    async def unsign(self) -> None:
        """Only the printed name from now on."""
        if await self._did(unsign, Nothing, words.DROPPED):
            await self._read()

    @rx.event
    async def keep_text(self, form: dict[str, Any]) -> None:
        """Keep a text under a name; a refused form stays as it is."""
        given = {name: text_of(form.get(name)) for name in ("title", "text")}
        if await self._did(keep_template, KeepTemplate, words.TEXT_KEPT, **given):
            await self._read()

    @rx.event
    async def drop_text(self, template: str) -> None:
        """Forget one."""
        if await self._did(drop_template, OneTemplate, words.TEXT_DROPPED, id=template):
            await self._read()

    async def _did(self, usecase: Any, wish: Any, said: str, **given: object) -> bool:  # noqa: ANN401 (any of the above)
        await act(self, usecase, wish, **given)
        if self.errors or self.refused or self.signed_out:
            return False
        self.done = said
        return True

    async def _read(self) -> None:
        seen = await look(self, at_hand, Nothing())
        if seen is not None:
            self._show(seen)

    def _show(self, seen: AtHand) -> None:
        drawn = seen.signature
        self.head = head(tehran_day(seen.now), seen.district, seen.now)
        self.own = Own(
            seen.name,
            drawn.ink if drawn else "",
            words.SINCE.format(day=day_words(tehran_day(drawn.drawn_at))) if drawn else "",
            self.own.round + 1,
        )
        self.texts = texts_of(seen)
