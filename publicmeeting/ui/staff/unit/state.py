"""The orders addressed to a unit; `/unit/[number]` opens one beside the list."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import reflex as rx

from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.stages import OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.text.lifecycle.actions_text import DONE
from publicmeeting.text.orders import unit_text
from publicmeeting.ui.design.models import Row
from publicmeeting.ui.reflex.var_field import set_fields
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.narrowing import Narrowing
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.ui.shell.steps.state import MasterDetailState
from publicmeeting.ui.staff.unit import views
from publicmeeting.ui.staff.unit.views import ORDERS, PLACES, address
from publicmeeting.usecases.filing.pictures import BEFORE
from publicmeeting.usecases.orders.changes import TakeOrderStep
from publicmeeting.usecases.orders.lists import OPEN, TABS, OrdersList, orders_list
from publicmeeting.usecases.orders.pages import OneOrder, OrderPage, open_order, order_page
from publicmeeting.usecases.orders.steps import PHOTOS_MOST, take_order_step
from publicmeeting.usecases.oversight.workplaces import Workplaces

EACH_MOST = PHOTOS_MOST // 2
"""Pictures of a report from before the work, and as many from after it."""


class UnitState(Narrowing, MasterDetailState, rx.State):
    """`/unit/` and `/unit/[number]`, each with `?tab=…`."""

    lines: views.Lines = views.Lines()
    order: views.OrderView = views.OrderView()
    sent: views.Sent = views.Sent()
    """Pictures of this order's place that wait to be sent with its report."""
    _before: tuple[str, ...] = ()
    _after_work: tuple[str, ...] = ()
    _which: str = OPEN
    _after: date | None = None
    _places: Workplaces | None = None

    @background
    async def watch(self) -> None:
        """Follow the work of this official until the page is left."""
        await follow(self, own, self._reread)

    @rx.event
    async def choose_tab(self, which: str) -> Any:
        """Another part of the list; an open order stays beside it."""
        if which == self._which:
            return None  # already there: a redirect would undo what is pressed next
        return rx.redirect(address(self.order.number, str(which)))

    @rx.event
    async def choose_half(self, which: str) -> Any:
        """The briefs instead of the orders."""
        return rx.redirect(PLACES.get(str(which), PLACES[ORDERS]))

    @rx.event
    async def before_changed(self, ids: list[str]) -> None:
        """Of the pictures from before the work one has arrived, or was taken back."""
        self._show_sent([str(one) for one in ids], self._after_work)

    @rx.event
    async def photos_changed(self, ids: list[str]) -> None:
        """The sender has stored or dropped a photo; whose they are is asked when they are sent."""
        self._show_sent(self._before, [str(one) for one in ids])

    async def _take(self, action: str, typed: dict[str, str]) -> str | None:
        photos = (*self._before, *self._after_work) if self.form.photos else ()
        taken = await execute(
            self,
            take_order_step,
            TakeOrderStep,
            typed,
            number=self.order.number,
            action=action,
            photos=photos,
        )
        return unit_text.SENT.format(what=DONE[OrderAction(action)]) if taken is not None else None

    def _show_sent(self, before: Sequence[str], after: Sequence[str]) -> None:
        self._before, self._after_work = tuple(before[:EACH_MOST]), tuple(after[:EACH_MOST])
        self.sent = views.sent_view(self._before, self._after_work)

    def _rows(self) -> tuple[Row, ...]:
        return self.lines.rows

    def _next_words(self) -> tuple[str, str]:
        return unit_text.NEXT, unit_text.NO_NEXT

    def _about(self) -> str:
        return self.order.number

    def _draft_of(self, about: str, action: str) -> str:
        """Why an order is returned is not for whoever reads a comment."""
        return f"{about}/{action}"

    def _templates(self, step: Step) -> tuple[str, ...]:
        return unit_text.TEMPLATES.get(OrderAction(step.action), ())

    def _facts(self) -> dict[str, Any]:
        return {"after": self._after}

    def _open_form(self, action: str) -> Any:
        event = super()._open_form(action)
        if self.form.photos:
            self.form = replace(self.form, note_hint=unit_text.REPORT_LEAD)
        return event

    def _subject(self) -> str:
        return str(self.router.url.path).strip("/").partition("/")[2]

    def _read_address(self) -> None:
        which = self.router.url.query_parameters.get("tab", OPEN)
        if which != self._which:
            self.sought = replace(self.sought, page=0)
        self._which = which if which in TABS else OPEN
        set_fields(self, "order", refused="")

    async def _read_frame(self) -> None:
        self._places = await read_rail(self)

    async def _read_list(self, chosen: str) -> bool:
        command = OrdersList(which=self._which, stage=self.sought.stage, **self.sought.narrowed)
        seen = await query(self, orders_list, command)
        if seen is None:
            return False
        self._show_pages(seen.page, seen.pages)
        self.lines = views.lines_view(seen, chosen, self._places, nothing=self.sought.nothing)
        return True

    async def _read_narrowed(self) -> None:
        await self._read_list(self.order.number)

    async def _read_case(self, key: str, *, opening: bool) -> bool:
        page = (
            await execute(self, open_order, OneOrder, number=key)
            if opening
            else await query(self, order_page, OneOrder(number=key))
        )
        if page is not None:
            self._show_order(page)
        return page is not None

    def _show_order(self, seen: OrderPage) -> None:
        self.order = views.order_view(seen)
        self._show_sent(
            [one.id for one in seen.unsent if one.kind == BEFORE],
            [one.id for one in seen.unsent if one.kind != BEFORE],
        )
        self._after = max(seen.order.due_on, tehran_day(seen.now))
        self._show_steps(seen.steps)

    def _clear(self, refused: str = "") -> None:
        self.order = views.OrderView(refused=refused)
        self._show_sent((), ())
