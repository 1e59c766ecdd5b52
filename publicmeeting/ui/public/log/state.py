"""The state of the log's page: the newest entries, and the one a receipt names."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from publicmeeting.ui.public.log import views
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.ui.shell.typed import Form
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.public_record.log import TOPIC, Mark, log_place, newest_entries


class LogState(Asking, rx.State):
    """`/verify/log/`."""

    entries: list[views.EntryView] = []
    found: list[views.StandingView] = []
    """One, or none."""

    @rx.event
    async def load(self) -> None:
        """Show the newest entries; an address with `?mark=` shows where that stands."""
        self.found = []
        await self._read()
        asked = self.router.url.query_parameters.get("mark", "")
        if asked:
            await self._find({"letters": asked})

    @background
    async def watch(self) -> None:
        """New entries come by themselves."""
        await follow(self, always(TOPIC), self._read)

    @rx.event
    async def find(self, form: Form) -> None:
        """Where the letters of a receipt stand."""
        await self._find(form)

    async def _find(self, form: Mapping[str, Any]) -> None:
        self.found = []
        found = await execute(self, log_place, Mark, form)
        if found is not None:
            self.found = [views.standing_view(found)]

    async def _read(self) -> None:
        seen = await query(self, newest_entries, Nothing())
        if seen is not None:
            self.entries = [views.entry_view(entry) for entry in seen]
