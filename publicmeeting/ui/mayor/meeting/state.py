"""One meeting: the sheet as it is written, and what ends the meeting."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

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
from publicmeeting.ui.mayor.agenda import views as agenda_views
from publicmeeting.ui.mayor.days import Due, Month, is_far, month
from publicmeeting.ui.mayor.meeting import views
from publicmeeting.ui.mayor.meeting.draft import (
    TYPE,
    WAYS,
    Draft,
    SheetInitial,
    changed,
    draft_of,
    has_promise,
    image_id,
    initial_of,
    issue,
    left_on,
    paper_photos,
    sheets,
)
from publicmeeting.ui.mayor.profile import last_part
from publicmeeting.ui.mayor.table import Head, day_head, each_minute, head, refuse_under
from publicmeeting.ui.reflex.forms import Form, text_of, values_of
from publicmeeting.ui.shell.act import execute, query, try_query
from publicmeeting.ui.shell.live import background, follow, own_and_sheet
from publicmeeting.ui.shell.pressed import Addressed, comes_too_late
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
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
from publicmeeting.usecases.orders.paper.drafts import (
    KeepUnfinished,
    OneSheet,
    UnfinishedSheet,
    draft_owner,
    keep_unfinished,
    unfinished_sheet,
)


class Writing(Addressed, rx.State, mixin=True):
    """Fields and strokes are the browser's own and are stored by it (`keeping.js`); what is pressed
    is stored from here."""

    LOSES_NOTHING: ClassVar[frozenset[str]] = frozenset(
        {"begun", "aim_at", "turn_month", "zoom", "stays"}
    )
    table: views.Table = views.Table()
    initial: SheetInitial = SheetInitial()
    desk: views.Desk = views.Desk()
    month: Month = Month()
    _draft: Draft = Draft()
    _aim: str = ""
    """The unit whose own day is being chosen; empty for all of them."""
    _today: date | None = None

    @rx.event
    async def write_by(self, how: str) -> Any:
        """Pen, keyboard or camera; what the others have put on the sheet stays. Whoever types goes
        on in the field that has opened."""
        if how not in WAYS:
            return None
        await self._choose(way=how)
        return rx.set_focus("text") if how == TYPE else None

    @rx.event
    async def begun(self, strokes: int) -> None:
        """Something stands on the sheet: the error that it is empty, or too full, goes."""
        self._not_empty(strokes)

    @rx.event
    async def paper_sent(self, ids: list[str]) -> None:
        """The photograph of the paper has arrived, or was taken back."""
        self._not_empty(len(ids))
        await self._choose(paper=image_id(ids), source="")

    @rx.event
    async def straightened(self, made: str) -> None:
        """A picture made of the photograph takes its place on the sheet."""
        source = self._draft.source or self._draft.paper
        if source:
            await self._choose(paper=image_id([made]), source=source)

    @rx.event
    async def as_it_was(self) -> None:
        """The photograph itself again."""
        if self._draft.source:
            await self._choose(paper=self._draft.source, source="")

    @rx.event
    async def pick_unit(self, unit: str) -> None:
        """Add a unit to those that get an order, or take it out."""
        if unit in {chip.value for chip in self.table.units}:
            chosen = self.desk.units
            others = tuple(one for one in chosen if one != unit)
            await self._choose(units=others if unit in chosen else (*others, unit))

    @rx.event
    async def toggle_urgent(self) -> None:
        """Before everything else, or in its turn."""
        await self._choose(urgent=not self._draft.urgent)

    @rx.event
    async def aim_at(self, unit: str) -> None:
        """Whose last day the calendar is opened for."""
        self._aim = unit if unit in self.desk.units else ""

    @rx.event
    async def pick_due(self, day: str) -> None:
        """The last day of the work, for every unit."""
        await self._choose(due=text_of(day), dues={})

    @rx.event
    async def pick_day(self, day: str) -> None:
        """A day of the calendar: for the unit aimed at, or for all."""
        if self._aim:
            await self._choose(dues={**self._draft.dues, self._aim: text_of(day)})
        else:
            await self._choose(due=text_of(day), dues={})

    @rx.event
    async def pick_due_of(self, unit: str, day: str) -> None:
        """One unit's own last day."""
        if unit in self.desk.units:
            await self._choose(dues={**self._draft.dues, unit: text_of(day)})

    @rx.event
    async def turn_month(self, at: int) -> None:
        """Another month of the calendar."""
        if self._today is not None and isinstance(at, int | float):
            self.month = month(self._today, int(at))

    def _not_empty(self, things: int) -> None:
        if things:
            self.errors = {name: error for name, error in self.errors.items() if name != "note"}

    def _visitor(self) -> str:
        return last_part(self)

    async def _choose(self, **what: Any) -> None:
        self._draft, texts = changed(self._draft, **what)
        self._show_desk()
        code, owner = self._visitor(), self.initial.owner
        await execute(self, keep_unfinished, KeepUnfinished, code=code, owner=owner, fields=texts)

    async def _unfinished(self) -> UnfinishedSheet | None:
        return await try_query(self, unfinished_sheet, OneSheet(code=self._visitor()))

    async def _load_sheet(self) -> None:
        """Put what is stored into the fields; a new page makes the browser draw them anew."""
        unfinished = await self._unfinished()
        if unfinished is None:
            return
        self._draft, self.initial = (
            draft_of(unfinished.fields),
            initial_of(unfinished.fields, unfinished.page, unfinished.owner),
        )
        self._aim = ""
        self._show_desk()

    async def _lay_first(self) -> None:
        """The sheet and its calendar, once her case has been read."""
        if self._today is not None:
            self.month = month(self._today, 0)
            await self._load_sheet()

    async def _catch_up(self) -> None:
        """Choose what was chosen in another tab; lay the next sheet if that one is an order now, or
        if another official has signed in meanwhile, or the first if none could be read before.

        With what one writes is each tab's own affair.
        """
        if not self.initial.page:
            await self._lay_first()
            return
        unfinished = await self._unfinished()
        if unfinished is None:
            return
        self._draft = replace(draft_of(unfinished.fields), way=self._draft.way)
        if (unfinished.page, unfinished.owner) != (self.initial.page, self.initial.owner):
            self.initial = initial_of(unfinished.fields, unfinished.page, unfinished.owner)
        self._show_desk()

    def _show_desk(self) -> None:
        draft = self._draft
        suggested = views.first_units(self.table.units) if self.initial.page <= 1 else ()
        units = suggested if draft.units is None else draft.units
        day = draft.due or views.default_due(self.table.dues)
        own = {unit: draft.dues.get(unit) or day for unit in units}
        if len(set(own.values())) == 1:
            day = next(iter(own.values()))
        today = self._today or date.max
        other = views.other_day(day, self.table.dues, today)
        far = any(is_far(one, today) for one in (day, *own.values()))
        due = Due(day, other, far, apart=len(set(own.values())) > 1)
        self.desk = views.Desk(
            way=draft.way,
            papers=tuple(paper_photos(draft.paper, meeting_text.PAPER_ALT)),
            is_straight=bool(draft.source),
            units=tuple(units),
            due=due,
            dues=tuple(views.unit_dues(self.table, own, today)),
            urgent=draft.urgent,
            recap=views.recap(self.table, units, due, today),
        )


_PAGE_ISSUED = "page_issued"
_TYPED = ("text", "promise", "reason")
_REFERRAL = {"note": "referral", "units": "refer_to"}
"""Fields of an order as the referral's form names them."""


class MeetingState(Writing, rx.State):
    """The screen of `/mayor/meeting/[code]`."""

    head: Head = Head()
    ended: views.Ended = views.Ended()
    people: agenda_views.Day = agenda_views.Day()
    photo: Photo = Photo()
    busy: bool = False
    unissued: str = ""
    """The sheet on which something stood that is no order, when the meeting was to be ended."""
    _stays: bool = False
    """The visitor stays in the room after the next record: another order follows."""
    _second: int = 0
    _sent_back: str = ""
    """Who went back into the hall from this page."""

    @rx.event
    async def load(self) -> None:
        """Open her case, which is written down, and lay her sheet on the table."""
        is_opened, answer = await self._arrives(), self.answer
        self.errors, self.refused, self.done, self.busy = {}, "", "", False
        self.head, self.table, self.initial = Head(), views.Table(), SheetInitial()
        self.ended, self.unissued = views.Ended(), ""
        command = OneCase(code=self._visitor())
        if await query(self, meeting_screen, command) is None and (self.missing or self.signed_out):
            owner = await try_query(self, draft_owner, Nothing()) or ""
            self.initial = SheetInitial(owner=owner)  # of what he left on this tablet
            return
        await execute(self, open_meeting, OneCase, code=self._visitor())
        await self._read()
        await self._lay_first()
        if not is_opened:
            self._restore_answer(answer)

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
        # Asked here too: units, days and paper are those of the sheet that is shown.
        if self.table.met or await comes_too_late(self, "record", {}):
            return
        # Cleared first: who is refused for the same once more is led to it once more.
        self.busy, self.errors, self.unissued = True, {}, ""
        yield
        made = await self._issue(form)
        if made is not None:
            way = self.desk.way
            await self._load_sheet()
            if self._stays and way != self.desk.way:
                await self._choose(way=way)
            if not self._stays and not self.table.from_paper:
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
        owner = text_of(form.get("owner"))
        made = await issue(self, code=self._visitor(), owner=owner, units=units, note=note)
        if made is not None:
            await self._finish(ORDERS)
            self.done = meeting_text.SAVED
        self.errors = {_REFERRAL.get(name, name): error for name, error in self.errors.items()}
        if not self.errors:
            refuse_under(self, "referral")  # the page lies behind this form
        self.busy = False
        await self._read()

    @rx.event
    async def refuse(self, form: Form) -> None:
        """End the meeting with an explained refusal; she may object once."""
        if self.table.met:
            return
        await self._finish(REFUSED, text_of(form.get("refusal")), text_of(form.get("owner")))
        refuse_under(self, "refusal")
        await self._read()

    @rx.event
    async def end(self, without: str = "") -> None:
        """The orders are recorded: the meeting is over. What stands on the next sheet reaches
        nobody then, so that is asked about first; `without` is the sheet that is left unrecorded.
        """
        if self.table.met:
            return
        unfinished = await self._unfinished()
        is_left = unfinished is not None and (unfinished.is_written or has_promise(unfinished))
        if is_left and without != self.initial.sheet:
            self.unissued = self.initial.sheet
            return
        self.unissued = ""
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
        """Back into the hall; what was written stays. Pressed twice it is done once."""
        if self._sent_back == self._visitor() and not self.table.may_send_back:
            return
        command = {"code": self._visitor(), "action": Action.SEND_BACK.value}
        sent = await execute(self, take_step, TakeStep, command, note=str(form.get("back") or ""))
        refuse_under(self, "back")
        await self._read()
        if sent is not None:
            self._sent_back, self.done = self._visitor(), agenda_text.BACK_DONE

    async def _issue(self, form: Mapping[str, Any]) -> tuple[Order, ...] | None:
        """The strokes have arrived before the form: the browser holds it back until they have."""
        unfinished = await self._unfinished()
        page = text_of(form.get("page"))
        own = {due.unit: due.on for due in self.desk.dues}
        made = await issue(
            self,
            code=self._visitor(),
            units=self.desk.units,
            note=text_of(form.get("text")),
            promise=text_of(form.get("promise")),
            reason=text_of(form.get("reason")) if self.desk.due.far else "",
            priority=(Priority.URGENT if self.desk.urgent else Priority.NORMAL).value,
            paper=self._draft.paper,
            ink=ink_text(unfinished.strokes) if unfinished else "",
            due_on=self.desk.due.on,
            dues=own,
            page=int(page) if page.isdecimal() else 0,
            owner=text_of(form.get("owner")),
        )
        self.errors = views.with_unit_names(self.errors, self.table)
        if made is None and self.why == _PAGE_ISSUED:
            await self._lay_next(form)
        return made

    async def _lay_next(self, form: Mapping[str, Any]) -> None:
        """His sheet is an order by now: what he has typed since, and whom he chose, stands on the
        next one."""
        chosen, words = self._draft, {name: text_of(form.get(name)) for name in _TYPED}
        unfinished, answer = await self._unfinished(), self.answer
        if unfinished is None:
            return
        self.initial = initial_of(words, unfinished.page, unfinished.owner)
        self._draft = chosen
        await self._choose(units=self.desk.units, due=chosen.due, dues=chosen.dues)
        self.answer = answer

    async def _finish(self, outcome: str, note: str = "", owner: str = "") -> None:
        owner = owner or self.initial.owner
        command = {"code": self._visitor(), "outcome": outcome, "note": note, "owner": owner}
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
            if board:
                self.head, self.people = day_head(board), agenda_views.people_of(board)
        if self.table.met:
            unfinished = tuple(await sheets(self, seen))
            left = await self._unfinished()
            self.ended = views.Ended(unfinished, *(left_on(left) if left else ()))
