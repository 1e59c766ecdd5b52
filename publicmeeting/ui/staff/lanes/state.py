"""What one officer has to judge: the open ask stands in the address."""

from typing import Any

import reflex as rx

from publicmeeting.text.line import lanes_text
from publicmeeting.ui.design.models import Row
from publicmeeting.ui.reflex.forms import Form
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.ui.staff.lanes import views
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.screening.lane_judging import (
    JudgeLane,
    LaneList,
    OneAsk,
    judge_lane,
    lane_list,
    open_lane,
)


class LanesState(Asking, rx.State):
    """`/lanes/?ask=…`."""

    rows: list[Row] = []
    first: str = ""
    ask: views.AskView = views.AskView()
    ask_refused: str = ""
    busy: bool = False

    @rx.event
    async def load(self) -> None:
        """Read the list, and open the ask of the address: that is written down."""
        self.errors, self.refused, self.done, self.ask_refused = {}, "", "", ""
        ask_id = self.router.url.query_parameters.get("ask", "")
        if ask_id != self.ask.id:
            self.ask = views.AskView()
        await read_rail(self)
        if await self._read_list(ask_id) is not None and ask_id:
            await self._open(ask_id)

    @background
    async def watch(self) -> None:
        """Follow the district until the page is left."""
        await follow(self, own, self._reread)

    @rx.event
    async def chosen(self) -> None:
        """A reason has been chosen: that it was missing is no longer so."""
        self.errors = {}

    @rx.event
    async def judge(self, form: Form) -> Any:  # noqa: ANN401 (an event to follow)
        """Answer; whatever comes of it, the list is read again."""
        chosen = form.get("reason")
        verdict, _, reason = str(chosen or "").partition(views.BETWEEN)
        if not reason:
            self.errors = {"reason": lanes_text.NEED}
            return rx.set_focus("reason")
        if self.busy or not self.ask.id:
            return None
        self.busy = True
        ask_id = self.ask.id
        await execute(self, judge_lane, JudgeLane, id=ask_id, verdict=verdict, reason=reason)
        self.busy = False
        if not self.refused and not self.signed_out:
            self.done, self.ask = lanes_text.DONE, views.AskView()
        await self._reread()
        return None

    async def _reread(self) -> None:
        await read_rail(self)
        seen = await self._read_list(self.ask.id)
        if seen is not None and self.ask.id not in {one.id for one in seen.lines}:
            self.ask = views.AskView()  # decided without this officer, or resting for a while

    async def _read_list(self, chosen: str) -> LaneList | None:
        seen = await query(self, lane_list, Nothing())
        if seen is not None:
            self.rows = views.rows(seen, chosen)
            self.first = self.rows[0].href if self.rows else ""
        return seen

    async def _open(self, ask_id: str) -> None:
        page = await execute(self, open_lane, OneAsk, id=ask_id)
        if page is None:
            self.ask_refused, self.refused = self.refused, ""
            return
        self.ask = views.ask_view(page)
