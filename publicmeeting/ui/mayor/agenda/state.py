"""The mayor's day: read, followed, and who is called in."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.text.meetings import agenda_text
from publicmeeting.ui.mayor.agenda import views
from publicmeeting.ui.mayor.follow import each_minute
from publicmeeting.ui.mayor.under import tell_under
from publicmeeting.ui.mayor.views import Head, day_head, head
from publicmeeting.ui.reflex.forms import Form
from publicmeeting.ui.reflex.var_field import VarField
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.usecases.lifecycle.steps import TakeStep, take_step
from publicmeeting.usecases.meetings.agenda import ADay, agenda, open_monday


@dataclass(frozen=True)
class Questions(ViewModel):
    """What is being asked before a step is taken."""

    skipping: str = ""
    """The code of whoever is to go in before her turn: the reason is asked under her name."""
    sending_back: bool = False


class AgendaState(Asking, rx.State):
    """The screen of `/mayor/`."""

    head: Head = Head()
    day: views.Day = views.Day()
    open: Questions = Questions()

    skipping = VarField[str]("open")
    sending_back = VarField[bool]("open")
    _second: int = 0

    @rx.event
    async def load(self) -> None:
        """Read the day, and write down that its names were opened."""
        self.errors, self.refused, self.done = {}, "", ""
        self.skipping, self.sending_back = "", False
        await self._read()
        if self.head.date and not self.missing and not self.signed_out and self.day.guests:
            await execute(self, open_monday, ADay)
            await self._read()

    @background
    async def watch(self) -> None:
        """Whatever happens in the hall is seen here."""
        await follow(self, own, self._read)

    @background
    async def tick(self) -> None:
        """The clock, and what it changes."""
        await each_minute(self, lambda: self._second, self._read)

    @rx.event
    async def call(self, code: str) -> None:
        """Call her number in the hall."""
        called = await execute(self, take_step, TakeStep, code=str(code), action=Action.CALL.value)
        await self._read()
        number = next((g.tile.text for g in self.day.guests if g.code == code), "")
        if called is not None:
            self.done = agenda_text.CALLED_DONE.format(number=persian(number))

    @rx.event
    async def call_in(self, code: str) -> Any:  # noqa: ANN401 (an event to follow)
        """Bring the next one into the room; the reason is asked where it is not her turn."""
        guest = next((g for g in self.day.guests if g.code == code), None)
        if guest is not None and not guest.is_next and self.skipping != code:
            self.skipping = guest.code
            return None
        return await self._call_in(str(code), "")

    @rx.event
    async def call_in_early(self, form: Form) -> Any:  # noqa: ANN401 (an event to follow)
        """The same with a reason, which is counted in public."""
        return await self._call_in(self.skipping, str(form.get("skip") or ""))

    @rx.event
    async def never_mind(self) -> None:
        """Close the question that is open."""
        self.skipping, self.sending_back, self.errors, self.refused = "", False, {}, ""

    @rx.event
    async def ask_back(self) -> None:
        """Open the question why the meeting is broken off."""
        self.sending_back = True

    @rx.event
    async def send_back(self, form: Form) -> None:
        """Back into the hall, with a note that the citizen reads."""
        sent = await execute(
            self,
            take_step,
            TakeStep,
            code=self.day.in_room.code,
            action=Action.SEND_BACK.value,
            note=str(form.get("note") or ""),
        )
        tell_under(self, "note")
        await self._read()
        if sent is not None:
            self.sending_back, self.done = False, agenda_text.BACK_DONE

    async def _call_in(self, code: str, skip: str) -> Any:  # noqa: ANN401 (an event to follow)
        came = await execute(
            self, take_step, TakeStep, code=code, action=Action.CALL_IN.value, skip=skip
        )
        if came is None:
            if self.skipping:
                tell_under(self, "skip")
            if self.done:  # reception has opened the door at the same instant
                self.skipping = ""
            await self._read()
            return None
        self.skipping = ""
        return rx.redirect(f"/mayor/meeting/{came.code}/")

    async def _read(self) -> None:
        seen = await query(self, agenda, ADay())
        if seen is None:
            return
        self.head = (
            day_head(seen.board)
            if seen.board
            else head(tehran_day(seen.now), seen.district, seen.now)
        )
        self.day = views.day(seen)
        self._second = seen.now.second
