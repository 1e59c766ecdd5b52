"""One promise, and what the mayor decides on it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

import reflex as rx

from publicmeeting.kit.clock import tehran_day
from publicmeeting.text.orders import orders_text
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.mayor.days import Due, Month, month
from publicmeeting.ui.mayor.meeting.views import other_day
from publicmeeting.ui.mayor.order import views
from publicmeeting.ui.mayor.table import Head, head, refuse_missing_field
from publicmeeting.ui.reflex.forms import Form, form_in, text_of
from publicmeeting.ui.reflex.var_field import VarField
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.pressed import Addressed
from publicmeeting.ui.shell.steps.views import ABOUT, STEP, read_fields, step_named, takes
from publicmeeting.usecases.base import MAX_TEXT, Nothing
from publicmeeting.usecases.meetings.agenda import own_table
from publicmeeting.usecases.orders.changes import TakeOrderStep
from publicmeeting.usecases.orders.pages import OneOrder, open_order, order_page
from publicmeeting.usecases.orders.steps import take_order_step

RESULT = "result"
"""Id of the place where a page says what came of a step."""
_STEP_MOST = 100
"""Characters of the name under which a note is kept."""
NOTES_MOST = 20
"""Notes of so many steps are kept while a tab lives."""


class MayorOrderState(Addressed, rx.State):
    """The screen of `/mayor/orders/[number]`."""

    AT_ANY_ADDRESS: ClassVar[frozenset[str]] = frozenset({"keep_note"})
    LOSES_NOTHING: ClassVar[frozenset[str]] = frozenset({"turn_month", "zoom"})

    head: Head = Head()
    promise: views.Promise = views.Promise()
    deciding: views.Deciding = views.Deciding()

    acting = VarField[str]("deciding")
    draft = VarField[str]("deciding")
    due = VarField[Due]("deciding")
    month = VarField[Month]("deciding")
    form = VarField[int]("deciding")
    photo = VarField[Photo]("deciding")
    _today: date | None = None
    _notes: dict[str, str] = {}
    """What is written and not sent, by order and step."""
    _last: str = ""
    """Which step was taken last: pressed twice, it is no error."""

    @rx.event
    async def load(self) -> None:
        """Open the order, which is written down."""
        is_opened, answer = await self._arrives(), self.answer
        if is_opened:
            self.errors, self.refused, self.done, self.acting = {}, "", "", ""
            self.head, self.promise, self.due = Head(), views.Promise(), Due()
        # The page is also for units, the desk and the overseer, who have screens of their own.
        if await query(self, own_table, Nothing()) is None:
            return
        command = OneOrder(number=self._order())
        if await query(self, order_page, command) is None and (self.missing or self.signed_out):
            return
        await execute(self, open_order, OneOrder, number=self._order())
        await self._read()
        if not is_opened:
            self.draft = self._notes.get(self._step(), "")
            self._restore_answer(answer)
            return
        if self._today is not None:
            self.month = month(self._today, 0)
        self.due = Due(self.promise.dues[-1].value) if self.promise.dues else Due()
        self.form += 1

    @background
    async def watch(self) -> None:
        """What the unit and the citizen do is seen here."""
        await follow(self, own, self._read)

    @rx.event
    async def choose(self, action: str) -> None:
        """Open the form of a step, or close it."""
        self.acting = "" if self.acting == action else str(action)
        self.draft = self._notes.get(self._step(), "")
        self.errors, self.refused, self.done = {}, "", ""

    @rx.event
    async def keep_note(self, note: str, step: str = "") -> None:
        """The note was left; it waits for its step while another one is looked at.

        A pause may end once the step was taken: its note has been sent, and is no draft any more.
        """
        own = step or self._step()
        if own == self._step() or own != self._last:
            self._keep(note, own)

    @rx.event
    async def pick_due(self, day: str) -> None:
        """The new end of the work."""
        self.due = Due(str(day), other_day(str(day), self.promise.dues, self._today or date.max))

    @rx.event
    async def turn_month(self, at: int) -> None:
        """Another month of the calendar."""
        if self._today is not None and isinstance(at, int | float):
            self.month = month(self._today, int(at))

    @rx.event
    async def zoom(self, full: str) -> None:
        """One of the photos, large."""
        every = (
            *self.promise.photos,
            *self.promise.before,
            *self.promise.after,
            *self.promise.contest_photos,
        )
        self.photo = next((one for one in every if one.full == full), self.photo)

    @rx.event
    async def take(self, form: Form) -> Any:
        """Take the step whose form stands open; pressed again it is closed already, and of any
        other that is closed the page says so. What came of it stands above the form, and the page
        goes there."""
        named = _step_of(form)
        sent = named or self._step()
        if not self.acting or sent != self._step():
            if named != self._last:
                await self._report_not_sent(is_stored=self._keep_typed("take", {"form": form}))
            return None
        step = step_named(self.acting)
        fields = read_fields(takes(step), form, prefix=f"{self.acting}-") if step else {}
        self._keep(fields.get("note", ""), sent)
        taken = await execute(
            self,
            take_order_step,
            TakeOrderStep,
            {**fields, "due_on": self.due.on},
            number=self._order(),
            action=self.acting,
        )
        refuse_missing_field(self)
        await self._read()
        if taken is not None:
            self._keep("", sent)
            self._last = sent
            self.done, self.acting = orders_text.SENT, ""
            self.form += 1
        return rx.set_focus(RESULT) if self.done or self.refused else None

    def _step(self) -> str:
        return f"{self._order()}/{self.acting}"

    def _keep_typed(self, handler: str, payload: Mapping[str, Any]) -> bool:
        form = form_in(payload.get("form"))
        step = _step_of(form)
        note = text_of(form.get(f"{step.rpartition('/')[2]}-note"))
        if handler == "take" and step and note.strip():
            self._keep(note, step)
            return True
        return False

    def _keep(self, note: object, own: str) -> None:
        text = text_of(note)[:MAX_TEXT]
        others = {step: note for step, note in self._notes.items() if step != own}
        newest = list({**others, **({own[:_STEP_MOST]: text} if text else {})}.items())
        self._notes = dict(newest[-NOTES_MOST:])

    def _order(self) -> str:
        return str(self.number)  # type: ignore[attr-defined]  # a part of the address

    async def _read(self) -> None:
        page = await query(self, order_page, OneOrder(number=self._order()))
        if page is None:
            return
        self._today = tehran_day(page.now)
        self.promise = views.promise(page)
        self.head = head(self._today, page.order.district, page.now)


def _step_of(form: Mapping[str, Any]) -> str:
    """Order and step that a form was opened for; empty for one that does not say."""
    about, step = text_of(form.get(ABOUT)), text_of(form.get(STEP))
    return f"{about}/{step}" if step else ""
