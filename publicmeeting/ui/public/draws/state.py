"""The list of draws, read again when one of them goes on."""

import reflex as rx

from publicmeeting.ui.design.models import Row
from publicmeeting.ui.public.draws.views import draw_rows
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.public_record.ceremony import draw_list


class DrawsState(Asking, rx.State):
    """`/draws/`."""

    rows: list[Row] = []

    @rx.event
    async def load(self) -> None:
        """Read the Mondays."""
        await self._read()

    @background
    async def watch(self) -> None:
        """Follow them until the page is left."""
        await follow(self, always("draws"), self._read)

    async def _read(self) -> None:
        seen = await query(self, draw_list, Nothing())
        if seen is not None:
            self.rows = draw_rows(seen)
