"""The state of a citizen's own page."""

from typing import Any

import reflex as rx

from publicmeeting.text.tracking import my_page_text
from publicmeeting.ui.citizen.mine import views
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.filing.drafting import SpeakFor, speak_for
from publicmeeting.usecases.tracking.my_page import my_page, read_notices


class MineState(Asking, rx.State):
    """`/mine/`."""

    page: views.PageView = views.PageView()
    says: str = ""

    @rx.event
    async def load(self) -> None:
        """Read everything; what was new is shown as new once, then it has been seen."""
        self.refused, self.says = "", ""
        await self._read()
        if any(one.is_new for one in (*self.page.notices, *self.page.older)):
            await execute(self, read_notices, Nothing)

    @background
    async def watch(self) -> None:
        """Follow all that happens to this person's requests."""
        await follow(self, own, self._reread)

    @rx.event
    async def choose(self, person: str) -> Any:  # noqa: ANN401 (an event to follow)
        """«For whom?»"""
        await execute(self, speak_for, SpeakFor, {"person": str(person)})
        return None if self.refused else [MineState.load, MineState.watch]

    async def _reread(self) -> None:
        await self._read()
        self.says = my_page_text.CHANGED

    async def _read(self) -> None:
        page = await query(self, my_page, Nothing())
        self.page = views.page_view(page) if page is not None else views.PageView()
