"""The list of calls: read, followed, and ticked off."""

from typing import Any

import reflex as rx

from publicmeeting.text.screening import calls_text
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.ui.staff.calls import views
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.screening.calls import (
    OneCall,
    calls,
    mark_called,
    unmark_called,
    whom_to_call,
)


class CallsState(Asking, rx.State):
    """`/desk/calls/`."""

    waiting: list[views.CallLine] = []
    told: list[views.ToldLine] = []
    whom: views.WhomView = views.WhomView()

    @rx.event
    async def load(self) -> None:
        """Read the list; a name that was open is closed."""
        self.done = self.refused = ""
        self.whom = views.WhomView()
        await read_rail(self)
        await self._read()

    @background
    async def watch(self) -> None:
        """A colleague tells somebody, or a message has reached nobody."""
        await follow(self, own, self._reread)

    @rx.event
    async def tell(self, key: int) -> None:
        """She has been told."""
        code = self._code(key)
        await execute(self, mark_called, OneCall, notice=_key(key))
        await self._after(calls_text.TOLD, code)

    @rx.event
    async def take_back(self, key: int) -> None:
        """Ticked by mistake."""
        await execute(self, unmark_called, OneCall, notice=_key(key))
        await self._reread()
        if not self.refused:
            self.done = calls_text.TAKEN_BACK.format(code=self._code(key))

    @rx.event
    async def see_whom(self, key: int) -> None:
        """Her name and number, which is written down."""
        whom = await execute(self, whom_to_call, OneCall, notice=_key(key))
        self.whom = views.whom_view(whom) if whom is not None else views.WhomView()

    def _code(self, key: Any) -> str:  # noqa: ANN401 (a browser's word)
        return next((one.code for one in self.waiting if one.key == key), "")

    async def _after(self, said: str, code: str) -> None:
        refused = self.refused
        await self._reread()
        self.refused = refused
        if not refused and code:
            self.done = said.format(code=code)

    async def _reread(self) -> None:
        await read_rail(self)
        await self._read()

    async def _read(self) -> None:
        seen = await query(self, calls, Nothing())
        if seen is None:
            self.waiting, self.told, self.whom = [], [], views.WhomView()
            return
        self.waiting, self.told = views.call_lines(seen), views.told_lines(seen)
        if self.whom.key not in {one.key for one in self.waiting}:
            self.whom = views.WhomView()


def _key(sent: object) -> int:
    """A line's key as the browser sends it; no line has 0."""
    return sent if isinstance(sent, int) else 0
