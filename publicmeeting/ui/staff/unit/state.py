"""The orders addressed to a unit; `/unit/[number]` opens one beside the list."""

from dataclasses import replace
from datetime import date
from typing import Any

import reflex as rx

from publicmeeting.domain.lifecycle import Step
from publicmeeting.domain.stages import OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.text import unit as words
from publicmeeting.text.actions import DONE
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.shell.act import act, look
from publicmeeting.ui.shell.live import follow, own
from publicmeeting.ui.shell.rails import read_rail
from publicmeeting.ui.shell.steps.state import Deciding
from publicmeeting.ui.shell.steps.views import photo_views, photos_of_ids
from publicmeeting.ui.staff.unit import views
from publicmeeting.usecases.order_lists import OPEN, TABS, OrdersList, orders_list
from publicmeeting.usecases.order_pages import OneOrder, OrderPage, open_order, order_page
from publicmeeting.usecases.order_steps import PHOTOS_MOST, TakeOrderStep, take_order_step


class UnitState(Deciding, rx.State):
    """`/unit/` and `/unit/[number]`, each with `?tab=…`."""

    which: str = OPEN
    lines: views.Lines = views.Lines()
    order: views.OrderView = views.OrderView()
    order_refused: str = ""
    sent_photos: list[Photo] = []
    """Pictures of this order's report that wait to be sent with it."""
    _photo_ids: list[str] = []
    _after: date | None = None

    @rx.event
    async def load(self) -> None:
        """Read the list, and open the order of the address: that is written down."""
        which = self.router.url.query_parameters.get("tab", OPEN)
        self.which = which if which in TABS else OPEN
        self.done = self.refused = self.order_refused = ""
        number = self._asked_number()
        if number != self.order.number:
            self._leave_order()
        await read_rail(self)
        if await self._read_list(number) and number:
            await self._open(number)

    @rx.event(background=True)
    async def watch(self) -> None:
        """Follow the work of this official until the page is left."""
        await follow(self, own, self._reread)

    @rx.event
    async def choose_tab(self, which: str) -> Any:  # noqa: ANN401 (an event to follow)
        """Another part of the list; an open order stays beside it."""
        return rx.redirect(views.address(self.order.number, str(which)))

    @rx.event
    async def photos_changed(self, ids: list[str]) -> None:
        """The sender has stored or dropped a photo; whose they are is asked when they are sent."""
        self._photo_ids = [str(one) for one in ids][:PHOTOS_MOST]
        self.sent_photos = photos_of_ids(self._photo_ids)

    @rx.event
    async def send(self, form: dict[str, Any]) -> Any:  # noqa: ANN401 (an event to follow)
        """Take the chosen step; whatever comes of it, the page is read again."""
        typed = self._typed(form)
        if not self.form.action:
            return None  # pressed twice: the first press has closed the form
        lacks = self._lacks(typed)
        if lacks:
            return rx.set_focus(lacks)
        action = self.form.action
        photos = tuple(self._photo_ids) if self.form.photos else ()
        self.busy = True
        taken = await act(
            self, take_order_step, TakeOrderStep, typed, number=self.order.number, action=action,
            photos=photos,
        )  # fmt: skip
        self.busy = False
        if taken is not None:
            self._sent()
            self.done = words.SENT.format(what=DONE[OrderAction(action)])
        await self._reread()
        return None

    def _about(self) -> str:
        return self.order.number

    def _templates(self, step: Step) -> tuple[str, ...]:
        return words.TEMPLATES.get(OrderAction(step.action), ())

    def _facts(self) -> dict[str, Any]:
        return {"after": self._after}

    def _open_form(self, action: str) -> Any:  # noqa: ANN401 (an event to follow)
        event = super()._open_form(action)
        if self.form.photos:
            self.form = replace(self.form, note_hint=words.REPORT_LEAD)
        return event

    def _asked_number(self) -> str:
        """The part of the address after `/unit/`."""
        return self.router.url.path.strip("/").partition("/")[2]

    async def _reread(self) -> None:
        await read_rail(self)
        number = self.order.number
        if await self._read_list(number) and number:
            await self._show_again(number)

    async def _read_list(self, chosen: str) -> bool:
        seen = await look(self, orders_list, OrdersList(which=self.which))
        if seen is None:
            return False
        self.lines = views.lines_view(seen, chosen)
        return True

    async def _open(self, number: str) -> None:
        seen = await act(self, open_order, OneOrder, number=number)
        if seen is None:
            self.order_refused, self.refused = self.refused, ""
            self._leave_order()
            return
        self._show_order(seen)

    async def _show_again(self, number: str) -> None:
        """An order that is gone from this unit's sight stays as it was read, without buttons."""
        refused, done = self.refused, self.done
        seen = await look(self, order_page, OneOrder(number=number))
        self.missing, self.refused, self.done = False, refused, done
        if seen is None:
            self._show_steps(())
            return
        self._show_order(seen)

    def _show_order(self, seen: OrderPage) -> None:
        self.order = views.order_view(seen)
        self._photo_ids = [one.id for one in seen.unsent]
        self.sent_photos = photo_views(seen.unsent)
        self._after = max(seen.order.due_on, tehran_day(seen.now))
        self._show_steps(seen.steps)

    def _leave_order(self) -> None:
        self.order = views.OrderView()
        self._photo_ids, self.sent_photos = [], []
        self._close()
        self._show_steps(())
