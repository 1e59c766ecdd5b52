"""One meeting: what is decided is recorded and seen at once by everybody it concerns."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import reflex as rx

from publicmeeting.domain.choices import Priority
from publicmeeting.domain.orders.ink import ink_text
from publicmeeting.domain.records import Order
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.text.common.dates_text import shown
from publicmeeting.text.meetings import agenda_text, meeting_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.mayor.days import month
from publicmeeting.ui.mayor.follow import each_minute
from publicmeeting.ui.mayor.meeting import choices, views
from publicmeeting.ui.mayor.meeting.issuing import issue, sheets
from publicmeeting.ui.mayor.meeting.writing import Writing
from publicmeeting.ui.mayor.under import tell_under
from publicmeeting.ui.mayor.views import Head, day_head, head
from publicmeeting.ui.reflex.forms import Form, text_of, values_of
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.live import background, follow, own_and_sheet
from publicmeeting.usecases.lifecycle.steps import TakeStep, take_step
from publicmeeting.usecases.meetings.agenda import ADay, monday_list
from publicmeeting.usecases.meetings.room import (
    ORDERS,
    REFUSED,
    FinishMeeting,
    MeetingScreen,
    finish_meeting,
    meeting_screen,
    open_meeting,
)
from publicmeeting.usecases.screening.cases import OneCase

_REFERRAL = {"note": "referral", "units": "refer_to"}
"""Fields of an order as the referral's form names them."""


class MeetingState(Writing, rx.State):
    """The screen of `/mayor/meeting/[code]`."""

    head: Head = Head()
    ended: views.Ended = views.Ended()
    photo: Photo = Photo()
    busy: bool = False
    _stays: bool = False
    """The visitor stays in the room after the next record: another order follows."""
    _second: int = 0

    @rx.event
    async def load(self) -> None:
        """Open her case, which is written down, and lay her sheet on the table."""
        self.errors, self.refused, self.done, self.busy = {}, "", "", False
        self.head, self.table = Head(), views.Table()
        self.ended = views.Ended()
        command = OneCase(code=self._visitor())
        if await query(self, meeting_screen, command) is None and (self.missing or self.signed_out):
            return
        await execute(self, open_meeting, OneCase, code=self._visitor())
        await self._read()
        if self._today is not None:
            self.month = month(self._today, 0)
            await self._lay()

    @background
    async def watch(self) -> None:
        """Her case and the hall, and this sheet in another tab: whatever is done is seen here."""
        await follow(self, own_and_sheet, self._read_all)

    @background
    async def tick(self) -> None:
        """The minutes of the meeting."""
        await each_minute(self, lambda: self._second, self._read)

    @rx.event
    async def zoom(self, full: str) -> None:
        """One of her photos, large."""
        self.photo = next((one for one in self.table.photos if one.full == full), self.photo)

    @rx.event
    async def stays(self, after: str) -> None:
        """Which of the two buttons is pressed; the form comes right after."""
        self._stays = after == "another"

    @rx.event
    async def record(self, form: Form) -> AsyncIterator[Any]:
        """Record the order; then end the meeting, or lay a new sheet on the table."""
        if self.table.met:
            return
        # Told away first: whoever is refused for the same once more is led to it once more.
        self.busy, self.errors = True, {}
        yield
        made = await self._issue(form)
        if made is not None:
            way = self.desk.way
            await self._lay()
            if self._stays and way != self.desk.way:
                await self._choose(way=way)
            if not self._stays:
                await self._finish(ORDERS)
            numbers = "، ".join(str(shown(order.number)) for order in made)
            self.done = f"{meeting_text.SAVED} {meeting_text.SAVED_REST.format(numbers=numbers)}"
        self.busy = False
        await self._read()

    @rx.event
    async def refer(self, form: Form) -> AsyncIterator[Any]:
        """An order with text only and the usual due date; it ends the meeting."""
        if self.table.met:
            return
        self.busy = True
        yield
        note = text_of(form.get("referral"))
        units = tuple(str(one) for one in values_of(form, "refer_to"))
        if not note.strip():
            self.errors, self.busy = {"referral": refusal("need_note")}, False
            return
        made = await issue(self, code=self._visitor(), units=units, note=note)
        if made is not None:
            await self._finish(ORDERS)
            self.done = meeting_text.SAVED
        self.errors = {_REFERRAL.get(name, name): said for name, said in self.errors.items()}
        if not self.errors:
            tell_under(self, "referral")  # the page lies behind this form
        self.busy = False
        await self._read()

    @rx.event
    async def refuse(self, form: Form) -> None:
        """End the meeting with an explained refusal; she may object once."""
        if self.table.met:
            return
        await self._finish(REFUSED, text_of(form.get("refusal")))
        tell_under(self, "refusal")
        await self._read()

    @rx.event
    async def end(self) -> None:
        """The orders are recorded: the meeting is over."""
        if not self.table.met:
            await self._finish(ORDERS)
            await self._read()

    @rx.event
    async def call_in(self) -> None:
        """Bring her into the room; where it is not her turn the agenda asks why."""
        command = {"code": self._visitor(), "action": Action.CALL_IN.value}
        await execute(self, take_step, TakeStep, command)
        await self._read()

    @rx.event
    async def send_back(self, form: Form) -> None:
        """Back into the hall; what was written stays."""
        command = {"code": self._visitor(), "action": Action.SEND_BACK.value}
        sent = await execute(self, take_step, TakeStep, command, note=str(form.get("back") or ""))
        tell_under(self, "back")
        await self._read()
        if sent is not None:
            self.done = agenda_text.BACK_DONE

    async def _issue(self, form: Mapping[str, Any]) -> tuple[Order, ...] | None:
        """The strokes have arrived before the form: the browser holds it back until they have."""
        kept = await self._unfinished()
        page = text_of(form.get("page"))
        own = {one.unit: one.on for one in self.desk.dues}
        made = await issue(
            self,
            code=self._visitor(),
            units=self.desk.units,
            note=text_of(form.get("text")),
            promise=text_of(form.get("promise")),
            reason=text_of(form.get("reason")) if self.desk.due.far else "",
            priority=(Priority.URGENT if self.desk.urgent else Priority.NORMAL).value,
            paper=self._draft.paper,
            ink=ink_text(kept.strokes) if kept else "",
            due_on=self.desk.due.on,
            dues=own,
            page=int(page) if page.isdecimal() else 0,
        )
        self.errors = choices.with_unit_names(self.errors, self.table)
        return made

    async def _finish(self, outcome: str, note: str = "") -> None:
        command = {"code": self._visitor(), "outcome": outcome, "note": note}
        await execute(self, finish_meeting, FinishMeeting, command)

    async def _read_all(self) -> None:
        await self._read()
        if not self.table.met:
            await self._catch_up()

    async def _read(self) -> None:
        seen = await query(self, meeting_screen, OneCase(code=self._visitor()))
        if seen is not None:
            await self._show(seen)

    async def _show(self, seen: MeetingScreen) -> None:
        self.table = views.table(seen)
        self._today, self._second = tehran_day(seen.now), seen.now.second
        district = seen.request.district
        self.head = head(self._today, district, seen.now)
        if seen.day is not None:
            command = ADay(district=district, monday=seen.day.on.isoformat())
            board = await query(self, monday_list, command)
            self.head = day_head(board) if board else self.head
        if self.table.met:
            kept = tuple(await sheets(self, seen))
            left = await self._unfinished()
            self.ended = views.Ended(kept, left.fields.get("text", "") if left else "")
