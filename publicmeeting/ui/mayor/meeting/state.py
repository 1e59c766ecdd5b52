"""State of one meeting: the sheet as it is written, and the steps that end the meeting."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

import reflex as rx

from publicmeeting.domain.choices import Priority
from publicmeeting.domain.orders.ink import ink_text
from publicmeeting.domain.records import Order, Request
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
    sheets,
)
from publicmeeting.ui.mayor.profile import last_part
from publicmeeting.ui.mayor.table import (
    BACK,
    Head,
    day_head,
    head,
    refuse_under,
)
from publicmeeting.ui.reflex.forms import Form, text_of, values_of
from publicmeeting.ui.shell.act import execute, query, try_query
from publicmeeting.ui.shell.connection.redelivery import Addressed, comes_too_late
from publicmeeting.ui.shell.live import background, follow, own_and_sheet, until_new_minute
from publicmeeting.ui.shell.parts.monday import list_with_names
from publicmeeting.ui.shell.photos import photos_of_ids
from publicmeeting.ui.shell.typed import notes_of, store_note
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.agenda import ADay
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
    keep_unfinished,
    left_behind,
    unfinished_sheet,
)


class Writing(Addressed, rx.State, mixin=True):
    """Mixin: the sheet. The browser stores fields and strokes (`keeping.js`); this state stores
    choices."""

    LOSES_NOTHING: ClassVar[frozenset[str]] = frozenset(
        {"begun", "aim_at", "turn_month", "zoom", "stays"}
    )
    table: views.Table = views.Table()
    initial: SheetInitial = SheetInitial()
    desk: views.Desk = views.Desk()
    month: Month = Month()
    _draft: Draft = Draft()
    _aim: str = ""
    """The unit whose own due date is being chosen; "" for all units."""
    _today: date | None = None

    @rx.event
    async def write_by(self, how: str) -> Any:
        """Choose pen, keyboard or camera; what the others have put on the sheet stays.

        With the keyboard the focus goes to the text field that has opened.
        """
        if how not in WAYS:
            return None
        await self._choose(way=how)
        return rx.set_focus("text") if how == TYPE else None

    @rx.event
    async def begun(self, strokes: int) -> None:
        """Remove the error that the sheet is empty or too full, because something was written."""
        self._not_empty(strokes)

    @rx.event
    async def paper_sent(self, ids: list[str]) -> None:
        """Put the photo of the paper on the sheet, or remove it."""
        self._not_empty(len(ids))
        await self._choose(paper=image_id(ids), source="")

    @rx.event
    async def straightened(self, made: str) -> None:
        """Replace the photo on the sheet with the picture made from it."""
        source = self._draft.source or self._draft.paper
        if source:
            await self._choose(paper=image_id([made]), source=source)

    @rx.event
    async def as_it_was(self) -> None:
        """Put the original photo on the sheet again."""
        if self._draft.source:
            await self._choose(paper=self._draft.source, source="")

    @rx.event
    async def pick_unit(self, unit: str) -> None:
        """Add a unit to those that get an order, or remove it."""
        if unit in {chip.value for chip in self.table.units}:
            chosen = self.desk.units
            others = tuple(one for one in chosen if one != unit)
            await self._choose(units=others if unit in chosen else (*others, unit))

    @rx.event
    async def toggle_urgent(self) -> None:
        """Mark the order as urgent, or not."""
        await self._choose(urgent=not self._draft.urgent)

    @rx.event
    async def aim_at(self, unit: str) -> None:
        """Set the unit for which the calendar is opened."""
        self._aim = unit if unit in self.desk.units else ""

    @rx.event
    async def pick_due(self, day: str) -> None:
        """Choose the due date for every unit."""
        await self._choose(due=text_of(day), dues={})

    @rx.event
    async def pick_day(self, day: str) -> None:
        """Choose a date of the calendar: for the unit in `_aim`, or for all."""
        if self._aim:
            await self._choose(dues={**self._draft.dues, self._aim: text_of(day)})
        else:
            await self._choose(due=text_of(day), dues={})

    @rx.event
    async def pick_due_of(self, unit: str, day: str) -> None:
        """Choose one unit's own due date."""
        if unit in self.desk.units:
            await self._choose(dues={**self._draft.dues, unit: text_of(day)})

    @rx.event
    async def turn_month(self, at: int) -> None:
        """Show another month of the calendar."""
        if self._today is not None and isinstance(at, int | float):
            self.month = month(self._today, int(at))

    def _not_empty(self, count: int) -> None:
        if count:
            self.errors = {name: error for name, error in self.errors.items() if name != "note"}

    def _initial(self, fields: Mapping[str, str], sheet: UnfinishedSheet) -> SheetInitial:
        return initial_of(fields, self._visitor(), sheet.page, sheet.owner)

    def _visitor(self) -> str:
        return last_part(self)

    async def _choose(self, words: Mapping[str, str] | None = None, **what: Any) -> None:
        """Store choices, and words of the fields with them."""
        self._draft, choices = changed(self._draft, **what)
        self._show_desk()
        code, owner = self._visitor(), self.initial.owner
        fields = {**choices, **(words or {})}
        await execute(self, keep_unfinished, KeepUnfinished, code=code, owner=owner, fields=fields)

    async def _unfinished(self) -> UnfinishedSheet | None:
        return await try_query(self, unfinished_sheet, OneSheet(code=self._visitor()))

    async def _load_sheet(self) -> None:
        """Put the stored sheet into the fields; a new page makes the browser draw them again."""
        unfinished = await self._unfinished()
        if unfinished is None:
            return
        self._draft = draft_of(unfinished.fields)
        self.initial = self._initial(unfinished.fields, unfinished)
        self._aim = ""
        self._show_desk()

    async def _lay_first(self) -> None:
        """Load the sheet and its calendar when her case has been read."""
        if self._today is not None:
            self.month = month(self._today, 0)
            await self._load_sheet()

    async def _catch_up(self) -> None:
        """Take over the choices of another tab.

        Load the next sheet if this one has been issued or another official has signed in meanwhile,
        or the first sheet if it could not be read before. The way of writing (`way`) is each tab's
        own.
        """
        if not self.initial.page:
            await self._lay_first()
            return
        unfinished = await self._unfinished()
        if unfinished is None:
            return
        self._draft = replace(draft_of(unfinished.fields), way=self._draft.way)
        if (unfinished.page, unfinished.owner) != (self.initial.page, self.initial.owner):
            self.initial = self._initial(unfinished.fields, unfinished)
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
        far = any(is_far(on, today) for on in (day, *own.values()))
        due = Due(day, other, far, apart=len(set(own.values())) > 1)
        self.desk = views.Desk(
            way=draft.way,
            papers=photos_of_ids([draft.paper] if draft.paper else [], meeting_text.PAPER_ALT),
            is_straight=bool(draft.source),
            units=tuple(units),
            due=due,
            dues=tuple(views.unit_dues(self.table, own, today)),
            urgent=draft.urgent,
            recap=views.recap(self.table, units, due, today),
        )


_NEED_SKIP = "need_skip"
_OVERTAKEN = ("page_issued", "stage_moved", "not_your_role")
"""Refusals of an order whose words nobody but this page may have."""
_DIGITS_MOST = 9
"""Python reads no number of thousands of digits."""
_TYPED = ("text", "promise", "reason")
_ON_SHEET = ("promise", "text")
_BESIDE = ("promise", "refusal", "referral")
"""Fields that are not in sight while no order can be given."""
_LEFT = (*_ON_SHEET, "refusal", "referral")
_REFERRAL = {"note": "referral", "units": "refer_to"}
"""Field of an order → its name in the form of the referral."""


class MeetingState(Writing, rx.State):
    """State of `/mayor/meeting/[code]`."""

    AT_ANY_ADDRESS: ClassVar[frozenset[str]] = frozenset({"keep_back"})
    head: Head = Head()
    ended: views.Ended = views.Ended()
    people: agenda_views.Day = agenda_views.Day()
    photo: Photo = Photo()
    busy: bool = False
    unissued: str = ""
    """The sheet that was not empty and not issued when the meeting was to be ended."""
    back: str = ""
    """The note with which the form of «back to the hall» begins."""
    _stays: bool = False
    """Whether the visitor stays in the room after the next order, because another follows."""
    _sent_back: str = ""
    """Code of the visitor whom this page has sent back into the hall."""
    _how_ended: str = ""
    _is_overtaken: bool = False
    """Whether the meeting was ended elsewhere while this page could end it, by all it has heard."""

    @rx.event
    async def load(self) -> None:
        """Open her case, which is recorded, and load her sheet."""
        is_opened, answer = await self._arrives(), self.answer
        self.errors, self.refused, self.done, self.busy = {}, "", "", False
        self.head, self.table, self.initial = Head(), views.Table(), SheetInitial()
        self.ended, self.unissued, self._is_overtaken = views.Ended(), "", False
        command = OneCase(code=self._visitor())
        if await query(self, meeting_screen, command) is None and (self.missing or self.signed_out):
            await self._show_left_behind(command)
            return
        await execute(self, open_meeting, OneCase, code=self._visitor())
        self.back = (await notes_of(self, BACK) or {}).get(self._visitor(), "")
        await self._read()
        await self._lay_first()
        if not is_opened:
            self._restore_answer(answer)

    @background
    async def watch(self) -> None:
        """Follow her case, the hall, this sheet in another tab, and the minutes of the meeting."""
        await follow(self, own_and_sheet, self._read_all, until_new_minute)

    @rx.event
    async def zoom(self, full: str) -> None:
        """Show one of her photos large."""
        self.photo = next((photo for photo in self.table.photos if photo.full == full), self.photo)

    @rx.event
    async def stays(self, after: str) -> None:
        """Note which of the two submit buttons was pressed; the form follows directly."""
        self._stays = after == "another"

    @rx.event
    async def record(self, form: Form) -> AsyncIterator[Any]:
        """Issue the order; then end the meeting, or load a new sheet."""
        # Checked here too, because units, days and paper are those of the sheet that is shown.
        if self.table.met or await comes_too_late(self, "record", {}):
            return
        # Cleared first, so that the focus goes to the error again even if the refusal is the same.
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
        await self._read_after_press(made)

    @rx.event
    async def refer(self, form: Form) -> AsyncIterator[Any]:
        """Issue an order with only a text and the usual due date, and end the meeting."""
        if self.table.met:
            return
        self.busy = True
        yield
        note = text_of(form.get("referral"))
        units = tuple(str(unit) for unit in values_of(form, "refer_to"))
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
            refuse_under(self, "referral")  # the page is behind this dialog
        self.busy = False
        await self._read_after_press(made)

    @rx.event
    async def refuse(self, form: Form) -> None:
        """End the meeting with an explained refusal; she may object once."""
        if self.table.met:
            return
        note, owner = text_of(form.get("refusal")), text_of(form.get("owner"))
        ended = await self._finish(REFUSED, note, owner)
        refuse_under(self, "refusal")
        await self._read_after_press(ended)

    @rx.event
    async def end(self, without: str = "") -> None:
        """End the meeting after its orders were issued.

        If the next sheet is not empty, ask first, because nobody would receive it. `without` is the
        sheet that is left unissued.
        """
        if self.table.met:
            return
        unfinished = await self._unfinished()
        is_left = unfinished is not None and (unfinished.is_written or has_promise(unfinished))
        if is_left and without != self.initial.sheet:
            self.unissued = self.initial.sheet
            return
        self.unissued = ""
        await self._read_after_press(await self._finish(ORDERS))

    @rx.event
    async def call_in(self) -> None:
        """Call her into the room; if it is not her turn, the agenda asks why."""
        command = {"code": self._visitor(), "action": Action.CALL_IN.value}
        await execute(self, take_step, TakeStep, command)
        await self._read()

    @rx.event
    async def call_next(self, code: str) -> Any:
        """Call the next visitor in after this meeting, without a way over the agenda."""
        command = {"code": text_of(code), "action": Action.CALL_IN.value}
        came = await execute(self, take_step, TakeStep, command)
        if came is not None:
            return rx.redirect(f"/mayor/meeting/{came.code}/")
        if self.why == _NEED_SKIP:  # somebody else is next now; only the agenda asks why
            self.refused = meeting_text.NEXT_CHANGED
        await self._read()
        return None

    @rx.event
    async def keep_back(self, note: str, code: str) -> None:
        """Store why she is sent back, at a pause or when the field is left.

        A pause may end after she was sent back, or after another visitor's page was opened.
        """
        is_here = code == self.table.code
        if code == self._sent_back and not (is_here and self.table.may_send_back):
            return
        if is_here:
            self.back = text_of(note)
        await store_note(self, BACK, text_of(code), text_of(note))

    @rx.event
    async def send_back(self, form: Form) -> None:
        """Send her back into the hall. What was written stays; a second press does nothing."""
        if self._sent_back == self._visitor() and not self.table.may_send_back:
            return
        command = {"code": self._visitor(), "action": Action.SEND_BACK.value}
        sent = await execute(self, take_step, TakeStep, command, note=str(form.get("back") or ""))
        refuse_under(self, "back")
        await self._read()
        if sent is not None:
            self._sent_back, self.done = self._visitor(), agenda_text.BACK_DONE
            self.back = ""
            await store_note(self, BACK, self._visitor(), "")

    async def _issue(self, form: Mapping[str, Any]) -> tuple[Order, ...] | None:
        """Issue the orders. The strokes have arrived: the browser holds the form back until they
        have. Without them nothing is issued: the order would lack its handwriting."""
        unfinished = await query(self, unfinished_sheet, OneSheet(code=self._visitor()))
        if unfinished is None:
            return None
        page = text_of(form.get("page"))[:_DIGITS_MOST]
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
            ink=ink_text(unfinished.strokes),
            due_on=self.desk.due.on,
            dues=own,
            page=int(page) if page.isdecimal() else 0,
            owner=text_of(form.get("owner")),
        )
        self.errors = views.with_unit_names(self.errors, self.table)
        if made is None and self.why in _OVERTAKEN:
            await self._lay_next(form)
        return made

    async def _lay_next(self, form: Mapping[str, Any]) -> None:
        """Move what was typed and chosen to the next sheet, because this sheet has already been
        issued.

        It is stored there too, beside what another tablet has already typed on that sheet.
        """
        chosen, words = self._draft, {name: text_of(form.get(name)) for name in _TYPED}
        answer, why = self.answer, self.why
        unfinished = await self._unfinished()
        if unfinished is None:
            return
        self.initial = self._initial(words, unfinished)
        self._draft = chosen
        typed = {name: word for name, word in words.items() if not unfinished.fields.get(name)}
        await self._choose(typed, units=self.desk.units, due=chosen.due, dues=chosen.dues)
        self.answer, self.why = answer, why

    async def _finish(self, outcome: str, note: str = "", owner: str = "") -> Request | None:
        owner = owner or self.initial.owner
        command = {"code": self._visitor(), "outcome": outcome, "note": note, "owner": owner}
        return await execute(self, finish_meeting, FinishMeeting, command)

    async def _read_after_press(self, made: object) -> None:
        """Read again after a press that should end the meeting; `made` is None if it was refused.

        If another page has ended the meeting, say who, and show what was written here.
        """
        self._is_overtaken = made is None
        await self._read()
        if made is not None or not self.table.met:
            return
        how = self._how_ended or meeting_text.FINISHED
        if self.ended.left_over or self.ended.is_drawn:
            self.refused, self.done = meeting_text.OVERTAKEN.format(how=how), ""
        elif self.refused or self.errors:
            self.refused = how
        self.errors = {}

    async def _read_all(self) -> None:
        self._is_overtaken = self._is_overtaken or self.table.may_order
        await self._read()
        if not self.table.met:
            self._is_overtaken = False
            await self._catch_up()

    async def _read(self) -> None:
        seen = await query(self, meeting_screen, OneCase(code=self._visitor()))
        if seen is not None:
            await self._show(seen)

    async def _show(self, seen: MeetingScreen) -> None:
        self._how_ended = views.how_ended(seen)
        says_who = seen.ended_by or self._is_overtaken
        self.table = replace(views.table(seen), ended_by=self._how_ended if says_who else "")
        self._today = tehran_day(seen.now)
        district = seen.request.district
        head_ = head(self._today, district, seen.now)
        if seen.day is not None:
            command = ADay(district=district, monday=seen.day.on.isoformat())
            board = await list_with_names(self, command)
            if board:
                head_, self.people = day_head(board), agenda_views.people_of(board)
        self.head = head_
        if self.table.met:
            self.ended = replace(self.ended, sheets=tuple(await sheets(self, seen)))
        if not self.table.may_order:
            await self._show_left(seen)

    async def _show_left_behind(self, command: OneCase) -> None:
        """Show what this official has written for a visitor who is not his any more.

        `initial.owner` is for what this account has left on the tablet.
        """
        left = await try_query(self, left_behind, command)
        if left is None:
            return
        self.initial = SheetInitial(owner=left.owner)
        ink = ink_text(left.strokes) if left.strokes else ""
        self.ended = views.Ended(left_over=left_on(left.fields, _LEFT, ()), ink=ink)

    async def _show_left(self, seen: MeetingScreen) -> None:
        """Show what this official has written and is not recorded, beside the sheet in sight."""
        unfinished = await self._unfinished()
        if unfinished is None:
            return
        elsewhere = self.table.ended_by
        names = _BESIDE if not self.table.met else _LEFT if elsewhere else _ON_SHEET
        recorded = seen.recorded if elsewhere else ()
        self.ended = replace(
            self.ended,
            left_over=left_on(unfinished.fields, names, recorded),
            is_drawn=self.table.met and bool(unfinished.strokes),
        )
