"""State of the Monday at the reception: who comes, who is called, who goes in."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import reflex as rx

from publicmeeting.domain.districts.city import DISTRICTS
from publicmeeting.domain.lifecycle.guards import TAKEN_BACK_WITHIN
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.stages import SLIPS, Action
from publicmeeting.kit.codes import district_in
from publicmeeting.kit.digits import bare, persian, without_marks
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.kit.letters import search_key
from publicmeeting.text.lifecycle.actions_text import DONE
from publicmeeting.text.meetings import reception_text
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import VarField, ViewModel
from publicmeeting.ui.shell.act import execute, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.navigation import Rail, read_rail
from publicmeeting.ui.shell.parts.monday import Hall, hall_news, hall_of, list_with_names
from publicmeeting.ui.shell.steps.state import ActionFormState
from publicmeeting.ui.shell.steps.views import StepButton, StepForm, identity_form
from publicmeeting.ui.staff.monday import views
from publicmeeting.ui.staff.monday.lines import Undo
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.lifecycle.payloads import LAST_DIGITS, TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.agenda import ADay, DayBoard, open_monday
from publicmeeting.usecases.meetings.coming.preparing import (
    NotePrepared,
    note_prepared,
    preparations,
)
from publicmeeting.usecases.meetings.deputies import day_holder
from publicmeeting.usecases.meetings.in_hall.passes import (
    CardNumber,
    PassFault,
    PassSeen,
    ScannedPass,
    code_in,
    find_by_card,
    one_standby,
    read_pass,
)
from publicmeeting.usecases.meetings.in_hall.standby import Standby, note_present

EVERY = 60.0
"""Seconds after which the list is read without a message, because lateness and no-shows come by
time."""
PRESENT = Action.PRESENT.value
"""Action of a standby who has come and waits for a seat; it has its own use case."""
LONGEST = 200
DIGITS = 10
"""Number of digits of a tracking code, and of a national code."""
SEEK = "seek"
"""Name and id of the search field, which is ready for the next scan."""
_NO_DAY = "no_monday"
_COME = frozenset({Action.ARRIVE.value, Action.COME_LATE.value})
"""Actions for which a pass is shown; never open for a visitor who is already here."""
_CHECK = Action.CHECK_ORIGINAL.value
_SECONDS = int(TAKEN_BACK_WITHIN.total_seconds())


@dataclass(frozen=True)
class Around(ViewModel):
    """What is around the day's list."""

    open_code: str = ""
    """Tracking code of the line that the form is for."""
    open_line: str = ""
    """That line in words."""
    no_day: bool = False
    """Whether the district has no Monday ahead."""
    found: str = ""
    """The result of the last search."""
    looked: int = 0
    """Number of searches, so that a repeated result is announced again."""


class MondayState(ActionFormState, rx.State):
    """State of `/monday/`."""

    NOT_SENT: ClassVar[str] = reception_text.NOT_SENT
    day: views.Day = views.Day()
    undo: Undo = Undo()
    """What this page has just done, while it can be undone."""
    around: Around = Around()

    open_code = VarField[str]("around")
    open_line = VarField[str]("around")
    no_day = VarField[bool]("around")
    found = VarField[str]("around")
    looked = VarField[int]("around")
    _day: str = ""
    _hall: Hall = {}

    @rx.event
    async def load(self) -> Any:
        """Open the day; each name that is shown is recorded.

        An open form, and what can be undone, survive a lost connection.
        """
        self._day = self._subject()
        is_opened, answer = await self._arrives(), self.answer
        if is_opened:
            self.found = self.done = ""
            self.undo = Undo()
            self._leave()
        await read_rail(self)
        await self._open_day()
        if not is_opened:
            self._restore_answer(answer)
        return MondayState.count_down if self.undo.code else None

    @background
    async def watch(self) -> None:
        """Follow the hall until the page is left."""
        await follow(self, own, self._reread_aloud, EVERY)

    @rx.event
    async def see_names(self) -> None:
        """Open the names of those who got a seat since the page was opened."""
        await self._open_day()

    @rx.event
    async def press(self, code: str, action: str, calls: int = -1) -> Any:
        """Handle a button of a line: take the step at once, or open its form first.

        `calls` is how often she had been called according to the page that was pressed.
        """
        visitor_row = self._row(code)
        if visitor_row is None or action not in {button.action for button in visitor_row.buttons}:
            return None
        self._at(code, visitor_row.buttons, _line(visitor_row))
        if action in visitor_row.at_once:
            await self._take(action, {"calls": str(calls)} if calls >= 0 else {})
            return self._after()
        return self._open_form(action)

    @rx.event
    async def tick(self, code: str, need: str) -> None:
        """Record that a need of a visitor is prepared."""
        await self._prepare(code, need, is_ready=True)

    @rx.event
    async def take_back_tick(self, code: str, need: str) -> None:
        """Record that a need is not prepared after all."""
        await self._prepare(code, need, is_ready=False)

    async def _prepare(self, code: str, need: str, *, is_ready: bool) -> None:
        if (code, need) in {(row.code, row.need) for row in self.day.prepare}:
            await execute(
                self, note_prepared, NotePrepared, code=code, need=need, is_ready=is_ready
            )
            await self._reread()

    @rx.event
    async def press_standby(self, code: str) -> Any:
        """Open the form for a standby who has come. The clock later gives her a free seat."""
        row = await self._standby(code)
        if row is None:
            self.found = reception_text.NOT_HERE
            return None
        if row.badge.word:
            self.found = views.present_already(row)
            return None
        self._at(code, (), reception_text.STANDBY_LINE.format(place=row.place, code=row.digits))
        self.errors, self.refused, self.done, self.stale = {}, "", "", ""
        turn = self.form.turn + 1
        form = identity_form(PRESENT, reception_text.NOTE_PRESENT, turn=turn)
        self.form = self._of_her_card(replace(form, about=code))
        return rx.set_focus("identity")

    def _open_form(self, action: str) -> Any:
        event = super()._open_form(action)
        self.form = self._of_her_card(self.form)
        return event

    def _of_her_card(self, form: StepForm) -> StepForm:
        """Return the form with the label of what must be typed from her card."""
        is_whole = form.identity and self._needs_whole_card(self.open_code)
        return replace(form, identity=reception_text.WHOLE_CARD) if is_whole else form

    async def _standby(self, code: str) -> views.StandbyRow | None:
        """Return the standby row of this code, even if the row is too far down the list to be
        shown."""
        row = next((row for row in self.day.standby if row.code == code), None)
        if row is not None or not self.day.standby_more:
            return row
        found = await execute(self, one_standby, OneCase, code=code[:LONGEST])
        return views.standby_row(found) if found else None

    @rx.event
    async def seek(self, form: Form) -> Any:
        """Open the line of a code from a pass, the number of a card or a name.

        A visitor who has not come yet is received. For anybody else the page says where she is and
        takes no step. A text that finds nothing stays in the field for correction. The page
        selected it when it was sent, so the next scan overwrites it.
        """
        self.looked += 1
        written = text_of(form.get("seek"))[:LONGEST]
        typed = (without_marks if "/" in written else bare)(written)
        code = code_in(typed.rstrip("/"))
        if not await self._expects(code):  # every tenth card number has the form of a code
            self.refused = ""
            code = await self._code_of(written, typed)
            if self.refused:
                return None
        taken = rx.set_value("seek", "")
        # The open line is not the one that is looked for now.
        self._leave()
        self.errors, self.refused, self.done, self.found = {}, "", "", ""
        if code:
            then = self._receive(code)
            self.done, self.found = self.found, ""  # nothing was typed wrong
            if not then:
                return taken
            # The number was just typed, so its last digits are not asked for again. They receive
            # her but prove nothing: a number typed for a search may have been spoken. The whole
            # number must be typed from the card.
            is_card = typed.isdecimal() and code != code_in(typed)
            is_card = is_card and not self._needs_whole_card(code)
            ends = typed[-LAST_DIGITS:]
            return [taken, then, *([rx.set_value("identity", persian(ends))] if is_card else [])]
        self.found = await self._whose_else(typed)
        if not self.found and not self.refused:
            self.found = self._why_nobody(written, typed)
        return None

    def _needs_whole_card(self, code: str) -> bool:
        """Return whether the whole card number must be typed, because nobody has proved her
        identity.

        True for a visitor with a seat or in the drawn line who is unproved, and if no line is
        shown.
        """
        return next((row.whole_card for row in self._lines() if row.code == code), True)

    def _row(self, code: str) -> views.VisitorRow | None:
        return next((row for row in self.day.visitors if row.code == code), None)

    def _lines(self) -> tuple[views.VisitorRow | views.StandbyRow, ...]:
        return (*self.day.visitors, *self.day.standby)

    async def _whose_else(self, typed: str) -> str:
        """Return the day or district of a pass whose address a scanner has typed, as for the
        camera.

        Empty for bare digits, which may be those of a card.
        """
        if typed.isdecimal() or not code_in(typed.rstrip("/")):
            return ""
        text = typed.rstrip("/")[:LONGEST]
        seen = await execute(self, read_pass, ScannedPass, text=text, **self._list())
        is_explained = seen is not None and seen.fault not in (None, PassFault.UNKNOWN)
        return _pass_words(seen) if is_explained and seen is not None else ""

    @rx.event
    async def scanned(self, text: str) -> Any:
        """Open the line of the pass that the camera has read, to compare her card.

        A pass that is shown again takes no step. An open form is not closed for the next pass.
        """
        if self.form.action and code_in(text[:LONGEST]) == self.open_code:
            return None  # her pass is still in front of the camera
        if self.form.action:
            self.found = reception_text.FINISH_FIRST.format(line=self.open_line)
            return None
        seen = await execute(self, read_pass, ScannedPass, text=text[:LONGEST], **self._list())
        if seen is None:
            return None
        self._leave()
        self.errors, self.refused, self.done, self.found = {}, "", "", ""
        if seen.fault is not None:
            self.found = _pass_words(seen)
            return None
        return self._receive(seen.code)

    def _receive(self, code: str) -> Any:
        """Open the line of a visitor who has not come, to compare her card; highlight one who
        has."""
        visitor_row = self._row(code)
        if visitor_row is None:
            return MondayState.press_standby(code)
        come = next((step for step in visitor_row.buttons if step.action in _COME), None)
        if come is None:
            self.open_code = code
            self.found = visitor_row.came or reception_text.NO_STEP.format(
                number=visitor_row.number
            )
            return None
        self._at(visitor_row.code, visitor_row.buttons, _line(visitor_row))
        return self._open_form(come.action)

    @rx.event
    async def send(self, form: Form) -> Any:
        """Take the step whose form was sent."""
        if not await self._is_of_open_form(form):
            return None
        typed = self._typed(form)
        if self._lacks(typed):
            return None
        await self._take(self.form.action, typed)
        return None if self.errors else self._after()

    @rx.event
    async def take_back(self, code: str = "", action: str = "") -> Any:
        """Undo what has just been pressed by mistake.

        The server refuses it when its seconds are over, whatever the page shows. `code` and
        `action` are those of the pressed button.
        """
        undo = self.undo
        if not undo.action or (code and (code, action) != (undo.code, undo.action)):
            if code and (code, action) != self._last:
                await self._report_not_sent()
            return None
        self.undo = Undo()
        self.open_code = undo.code
        await self._take(undo.action, {})
        return rx.set_focus(SEEK)

    @background
    async def count_down(self) -> None:
        """Count down the seconds of the undo button, then remove it. A newer press has its own
        seconds."""
        async with self:
            shown = self.undo
        for left in range(int(shown.seconds or _SECONDS), 0, -1):
            async with self:
                if not shown.code or self.undo != shown:
                    return
                self.undo = shown = replace(shown, seconds=persian(left))
            await asyncio.sleep(1)
        async with self:
            if self.undo == shown:
                self.undo = Undo()

    def _after(self) -> Any:
        """Return what follows a step: focus on the search field and the countdown of the undo
        button.

        If she came by a lane, ask for her paper first, because she still has it in hand.
        """
        code, action = self._last if self.done else ("", "")
        visitor_row = self._row(code)
        if (
            visitor_row is not None
            and action in _COME
            and _CHECK in {step.action for step in visitor_row.buttons}
        ):
            done = self.done
            self._at(visitor_row.code, visitor_row.buttons, _line(visitor_row))
            then = self._open_form(_CHECK)
            self.done = done
            return [then, MondayState.count_down]
        ready = rx.set_focus(SEEK)
        return [ready, MondayState.count_down] if self.undo.code else ready

    async def _expects(self, code: str) -> bool:
        return bool(code and (self._row(code) or await self._standby(code)))

    async def _code_of(self, written: str, typed: str) -> str:
        """Return the tracking code for this card number or, among the opened names, this name.

        The number of a passport has letters too. Empty if it belongs to nobody or several.
        """
        if _may_be_card(typed):
            found = await execute(self, find_by_card, CardNumber, identity=typed, **self._list())
            return found or ""
        named = self._named(written)
        return named[0].code if len(named) == 1 else ""

    def _named(self, written: str) -> list[views.VisitorRow]:
        name = search_key(written)
        return [row for row in self.day.visitors if name and name in search_key(row.name)]

    def _why_nobody(self, written: str, typed: str) -> str:
        if not any(sign.isdecimal() for sign in typed) and typed:
            same = [row.number for row in self._named(written)]
            return (
                reception_text.SEVERAL.format(numbers="، ".join(same))
                if same
                else reception_text.NO_NAME
            )
        is_passport = _may_be_card(typed) and not typed.isdecimal()
        short = not is_passport and sum(sign.isdecimal() for sign in typed) < DIGITS
        if short:
            return reception_text.TOO_SHORT
        # Only what the digits themselves say: a card's number may have the form of a code too.
        code = code_in(typed)
        of = district_in(code) if code else 0
        if of == self.day.district or not 0 < of <= len(DISTRICTS):
            return reception_text.NOT_HERE
        return reception_text.NOT_HERE_OF.format(district=persian(of))

    def _list(self) -> dict[str, Any]:
        """Return the list that is shown: another tab of this session may show another district."""
        return {"district": self.day.district, "monday": self._day}

    def _subject(self) -> str:
        return self.router.url.query_parameters.get("day", "")

    def _about(self) -> str:
        return self.open_code

    def _step(self) -> Step | None:
        """Return the step of the open form; None for a standby's presence, which only shares a
        step's name."""
        return None if self.form.action == PRESENT else super()._step()

    def _at(self, code: str, buttons: tuple[StepButton, ...], line: str) -> None:
        self.open_code, self.buttons, self.open_line, self.found = code, buttons, line, ""

    def _leave(self) -> None:
        self._close()
        self.open_code, self.buttons, self.open_line = "", (), ""

    async def _take(self, action: str, form: Mapping[str, Any]) -> None:
        code = self.open_code
        taken = await self._perform(action, form, code)
        happened = self.done  # somebody else did it at the same time
        if taken or happened:
            await self._sent()
            self._last = (code, action)
            done = self._sentence(action, code) if taken else happened
            self.undo = self._undo_of(action, code) if taken else Undo()
            self._leave()
        await self._reread()
        if taken or happened:
            self.done = done

    def _undo_of(self, action: str, code: str) -> Undo:
        slip = next((one.value for one, pressed in SLIPS.items() if pressed == action), "")
        visitor_row = self._row(code)
        return (
            Undo(code, slip, visitor_row.number, persian(_SECONDS))
            if slip and visitor_row
            else Undo()
        )

    async def _perform(self, action: str, form: Mapping[str, Any], code: str) -> bool:
        if action == PRESENT:
            await execute(self, note_present, Standby, form, code=code)
            return not (self.refused or self.errors)  # this use case returns nothing
        return await execute(self, take_step, TakeStep, form, code=code, action=action) is not None

    def _sentence(self, action: str, code: str) -> str:
        what = reception_text.PRESENT_NOTED if action == PRESENT else DONE[Action(action)]
        visitor_row = self._row(code)
        if visitor_row is not None:
            return reception_text.DONE_LINE.format(number=visitor_row.number, what=what)
        return reception_text.DONE_STANDBY.format(code=persian(code), what=what)

    async def _open_day(self) -> None:
        seen = await execute(self, open_monday, ADay, monday=self._day)
        if seen is None:
            # A query distinguishes signed out, missing and refused.
            seen = await self._read_day()
        if seen is not None:
            await self._show(seen)

    async def _read_day(self) -> DayBoard | None:
        """Read the day; only a name that is new since the page was opened is recorded.

        A district without a Monday is not a refusal of the last press: the page has its own words
        for it, which disappear when a Monday opens.
        """
        seen = await list_with_names(self, ADay(monday=self._day))
        self.no_day = seen is None and self.why == _NO_DAY
        if self.no_day:
            self.refused = ""
        return seen

    async def _reread(self) -> None:
        await read_rail(self)
        seen = await self._read_day()
        if seen is not None:
            await self._show(seen)

    async def _reread_aloud(self) -> None:
        """Read again what others have changed, and announce it."""
        before = self._hall
        await self._reread()
        if news := hall_news(before, self._hall):
            (await self.get_state(Rail)).arrived = news

    async def _show(self, seen: DayBoard) -> None:
        self.ready = True
        self._hall = hall_of(seen)
        holder = await query(self, day_holder, ADay(monday=self._day))
        needs = await query(self, preparations, ADay(monday=self._day)) or ()
        self.day = views.day_view(seen, holder, needs)
        visitor_row = self._row(self.open_code)
        if visitor_row is not None:
            self._show_buttons(visitor_row.buttons)
            if self.stale and self.form.action != _CHECK:
                self.stale = visitor_row.came or self.stale
        elif self.form.action == PRESENT:
            self.stale = views.why_not_noted(seen.standby, self.day, self.open_code)
        elif self.form.action:
            self._show_buttons(())  # her seat went, or this desk is another district's by now


def _may_be_card(typed: str) -> bool:
    """Return whether it may be the number of a document, as a name or an address never is."""
    return typed.isascii() and typed.isalnum() and any(sign.isdecimal() for sign in typed)


def _line(row: views.VisitorRow) -> str:
    who = row.name or reception_text.NAME_UNSEEN
    return reception_text.LINE.format(number=row.number, name=who, time=row.time)


def _pass_words(seen: PassSeen) -> str:
    """Return a sentence for a pass that does not belong to this list."""
    if seen.fault is PassFault.OTHER_DISTRICT:
        return reception_text.SCAN_OF_DISTRICT.format(district=persian(seen.district))
    if seen.fault is PassFault.OTHER_DAY and seen.day is not None:
        return reception_text.SCAN_OF_DAY.format(day=weekday_day(seen.day))
    return reception_text.SCAN_UNKNOWN
