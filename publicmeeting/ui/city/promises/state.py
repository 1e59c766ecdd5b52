"""What waits for the city: the tab and the open case stand in the address."""

from dataclasses import replace
from datetime import date
from typing import Any

import reflex as rx

from publicmeeting.domain.lifecycle.tables import AnyAction, Step
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.text.lifecycle.actions_text import DONE
from publicmeeting.text.oversight import promises_text
from publicmeeting.text.screening import inbox_text
from publicmeeting.ui.city.promises import views
from publicmeeting.ui.design.models import Row
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.live import A_MINUTE, background, follow, own
from publicmeeting.ui.shell.narrowing import Narrowing
from publicmeeting.ui.shell.steps.state import MasterDetailState
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import OWN_USE_CASE, take_step
from publicmeeting.usecases.orders.changes import TakeOrderStep
from publicmeeting.usecases.orders.pages import OneOrder, OrderPage, open_order, order_page
from publicmeeting.usecases.orders.steps import take_order_step
from publicmeeting.usecases.oversight.figures import DistrictPromises, promise_figures
from publicmeeting.usecases.oversight.promises import CONTESTS, TABS, CityPromises, city_promises
from publicmeeting.usecases.screening.cases import CasePage, case_page, open_case


class CityPromisesState(Narrowing, MasterDetailState, rx.State):
    """`/city/promises/?tab=…&order=…` or `…&case=…`."""

    which: str = CONTESTS
    lines: views.Lines = views.Lines()
    item: views.Item = views.Item()
    item_refused: str = ""
    figures: views.Figures = views.Figures()
    _found: tuple[DistrictPromises, ...] = ()
    _today: date | None = None
    _is_order: bool = False
    """Whether the address names an order; else it names a case."""

    @background
    async def watch(self) -> None:
        """Follow the promises of the whole city until the page is left."""
        # Lateness climbs and deadlines end without anybody's doing.
        await follow(self, own, self._reread, every=A_MINUTE)

    @rx.event
    async def choose_tab(self, which: str) -> Any:
        """Another part of the list; an open case stays beside it."""
        if which == self.which:
            return None  # already there: a redirect would undo what is pressed next
        item = self.item
        return rx.redirect(views.address(str(which), number=item.number, code=item.code))

    async def _take(self, action: str, typed: dict[str, str]) -> str | None:
        done = await self._decide(action, typed)
        return promises_text.SENT.format(what=DONE[done]) if done is not None else None

    async def _taken(self, about: str) -> None:
        del about
        await self._read_figures()

    async def _decide(self, action: str, typed: dict[str, str]) -> AnyAction | None:
        if self.item.number:
            taken = await execute(
                self, take_order_step, TakeOrderStep, typed, number=self.item.number, action=action
            )
            return OrderAction(action) if taken is not None else None
        done = await execute(self, take_step, TakeStep, typed, code=self.item.code, action=action)
        return Action(action) if done is not None else None

    def _rows(self) -> tuple[Row, ...]:
        return self.lines.rows

    def _next_words(self) -> tuple[str, str]:
        return inbox_text.NEXT, inbox_text.NO_NEXT

    def _about(self) -> str:
        return self.item.number or self.item.code

    def _templates(self, step: Step) -> tuple[str, ...]:
        return promises_text.TEMPLATES.get(step.action, ())

    def _facts(self) -> dict[str, Any]:
        return {"after": self._today, "own_district": self.item.district}

    def _subject(self) -> str:
        query = self.router.url.query_parameters
        return query.get("order", "") or query.get("case", "")

    def _read_address(self) -> None:
        query = self.router.url.query_parameters
        which = query.get("tab", CONTESTS)
        if which != self.which:
            self.sought = replace(self.sought, page=0)
        self.which = which if which in TABS else CONTESTS
        self.item_refused = ""
        self._is_order = bool(query.get("order", ""))

    async def _read_list(self, chosen: str) -> bool:
        district = int(self.sought.district or 0)
        command = CityPromises(which=self.which, district=district, **self.sought.narrowed)
        seen = await query(self, city_promises, command)
        if seen is None:
            return False
        self._show_pages(seen.page, seen.pages)
        self.lines = views.lines_view(seen, chosen, nothing=self.sought.nothing)
        self._today = tehran_day(seen.now)
        return True

    async def _read_narrowed(self) -> None:
        await self._read_list(self._about())

    async def _read_once(self) -> None:
        await self._read_figures()

    async def _read_figures(self) -> None:
        """Counted over all orders of the city: when the page opens, and after a decision."""
        found = await query(self, promise_figures, Nothing())
        if found is not None:
            self._found = found
            self._show_figures()

    def _show_figures(self) -> None:
        self.figures = views.figures_view(self._found, self.item.district)

    async def _read_case(self, key: str, *, opening: bool) -> bool:
        page: OrderPage | CasePage | None
        if self._is_order and opening:
            page = await execute(self, open_order, OneOrder, number=key)
        elif self._is_order:
            page = await query(self, order_page, OneOrder(number=key))
        elif opening:
            page = await execute(self, open_case, OneCase, code=key)
        else:
            page = await query(self, case_page, OneCase(code=key))
        if page is not None:
            self._show(page)
        return page is not None

    def _show(self, seen: OrderPage | CasePage) -> None:
        self.item = views.of_order(seen) if isinstance(seen, OrderPage) else views.of_request(seen)
        self._show_steps(tuple(s for s in seen.steps if s.action not in OWN_USE_CASE))
        self._show_figures()

    def _clear(self, refused: str = "") -> None:
        self.item, self.item_refused = views.Item(), refused
        self._show_figures()
