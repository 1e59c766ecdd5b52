"""The list of promises; which ones stands in the address."""

from dataclasses import replace

import reflex as rx

from publicmeeting.kit.clock import tehran_day
from publicmeeting.ui.mayor.orders import views
from publicmeeting.ui.mayor.views import Head, head
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.narrowing import Narrowing
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.meetings.agenda import own_table
from publicmeeting.usecases.orders.lists import OPEN, TABS, OrdersList, orders_list


class MayorOrdersState(Narrowing, Asking, rx.State):
    """The screen of `/mayor/orders/`."""

    head: Head = Head()
    lines: views.Lines = views.Lines()
    _which: str = OPEN
    _unit: str = ""

    @rx.event
    async def load(self) -> None:
        """Read the list that the address names."""
        query = self.router.url.query_parameters
        which = query.get("which", "")
        which = which if which in TABS else OPEN
        unit = query.get("unit", "")
        if (which, unit) != (self._which, self._unit):
            self.sought = replace(self.sought, page=0)
        self._which, self._unit = which, unit
        self.refused = ""
        await self._read()

    @background
    async def watch(self) -> None:
        """A promise kept, broken or changed is seen here."""
        await follow(self, own, self._read)

    async def _read(self) -> None:
        # The list is also for units and the desk, who have screens of their own.
        if await query(self, own_table, Nothing()) is None:
            return
        command = OrdersList(which=self._which, stage=self.sought.stage, **self.sought.asked)
        page = await query(self, orders_list, command)
        if page is None:
            return
        whole = page
        if self._unit:
            narrow = command.model_copy(update={"unit": self._unit})
            page = await query(self, orders_list, narrow) or whole
        self._show_pages(page.page, page.pages)
        who = await query(self, viewer, Nothing())
        district = who.district or 0 if who is not None else 0
        self.head = head(tehran_day(page.now), district, page.now)
        self.lines = views.lines_view(page, whole, self._unit, self.sought.nothing)

    async def _read_narrowed(self) -> None:
        await self._read()
