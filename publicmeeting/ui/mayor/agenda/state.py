"""State of the mayor's Monday: its day, its visitors, and who holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx

from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.meetings import agenda_text, day_place_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import select
from publicmeeting.ui.design.flow import shown
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.sheets import answer_notices, spoken
from publicmeeting.ui.mayor.agenda import views
from publicmeeting.ui.mayor.agenda.day_place import DayPlaceState, is_of, of_table
from publicmeeting.ui.mayor.agenda.evening import Evening, evening
from publicmeeting.ui.mayor.table import (
    BACK,
    Head,
    day_head,
    head,
    refuse_under,
)
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import VarField, ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query, try_execute, try_query
from publicmeeting.ui.shell.connection.redelivery import Addressed
from publicmeeting.ui.shell.live import background, follow, own, until_new_minute
from publicmeeting.ui.shell.parts.monday import Hall, hall_news, hall_of
from publicmeeting.ui.shell.steps.views import ABOUT
from publicmeeting.ui.shell.typed import notes_of, store_note
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.agenda import ADay, Agenda, agenda, open_monday
from publicmeeting.usecases.meetings.deputies import Holder, NameHolder, holders, name_holder
from publicmeeting.usecases.orders.paper.drafts import draft_owner


@dataclass(frozen=True)
class Questions(ViewModel):
    """Open questions before a step, and the last announcement."""

    news: str = ""
    """Announcement of what others have just changed in the hall."""
    skipping: str = ""
    """Code of the visitor who is to go in early; the reason is asked under her name."""
    sending_back: str = ""
    """Code of the visitor who is to leave the room again.

    The note being written about her stays, even if she has left meanwhile and cannot be sent back
    any more.
    """
    back: str = ""
    """The note with which that form begins."""


class AgendaState(Addressed, rx.State):
    """State of `/mayor/`."""

    NOT_SENT: ClassVar[str] = agenda_text.BACK_LATE
    head: Head = Head()
    day: views.Day = views.Day()
    evening: Evening = Evening()
    open: Questions = Questions()
    owner: str = ""
    """Mark of the account that owns what this tablet stores without a network.

    It is also set on a page that the account may no longer see.
    """

    news = VarField[str]("open")
    skipping = VarField[str]("open")
    sending_back = VarField[str]("open")
    back = VarField[str]("open")
    _hall: Hall = {}
    _sent_back: str = ""
    """Code of the last visitor whom this page sent back; a second press is not an error."""

    @rx.event
    async def load(self) -> None:
        """Read the day, and record that its names were opened."""
        is_opened, answer = await self._arrives(), self.answer
        if is_opened:
            self.errors, self.refused, self.done = {}, "", ""
            self.skipping = self.sending_back = self.news = ""
        seen = await self._read_day()
        if seen is not None and seen.names_unopened:
            await execute(self, open_monday, ADay, district=self.head.district)
            await self._read()
            if not is_opened:
                self._restore_answer(answer)

    @background
    async def watch(self) -> None:
        """Read again after every change in the hall, and each minute for what depends on the
        clock."""
        await follow(self, own, self._read_aloud, until_new_minute)

    @rx.event
    async def call(self, code: str, calls: int = -1) -> None:
        """Call her number in the hall. `calls` is how often she had been called according to the
        page."""
        seen = str(calls) if calls >= 0 else ""
        called = await execute(
            self, take_step, TakeStep, code=str(code), action=Action.CALL.value, calls=seen
        )
        await self._read()
        number = next((g.tile.text for g in self.day.guests if g.code == code), "")
        if called is not None:
            self.done = agenda_text.CALLED_DONE.format(number=persian(number))

    @rx.event
    async def ring(self, code: str, calls: int = -1) -> None:
        """Record that she was telephoned and did not answer; `calls` as in `call`."""
        await self._telephone(str(code), Action.RING, str(calls) if calls >= 0 else "")

    @rx.event
    async def reach(self, code: str) -> None:
        """Record that she was telephoned and is on the line."""
        await self._telephone(str(code), Action.REACH)

    async def _telephone(self, code: str, action: Action, seen: str = "") -> None:
        done = await execute(self, take_step, TakeStep, code=code, action=action.value, calls=seen)
        happened = self.done
        await self._read()
        self.done = agenda_text.TELEPHONED[action] if done is not None else happened

    @rx.event
    async def call_in(self, code: str) -> Any:
        """Call a visitor into the room, or ask for the reason if it is not her turn."""
        guest = next((g for g in self.day.guests if g.code == code), None)
        if guest is not None and guest.may_call_in and not guest.is_next:
            self.skipping = code
            return rx.set_focus("skip")
        return await self._call_in(code, "")

    @rx.event
    async def call_in_early(self, form: Form) -> Any:
        """Call her in with a reason, which is counted in public."""
        code = text_of(form.get(ABOUT)) or self.skipping
        return await self._call_in(code, str(form.get("skip") or ""))

    @rx.event
    async def never_mind(self) -> None:
        """Close the open question."""
        self.skipping, self.sending_back, self.errors, self.refused = "", "", {}, ""

    @rx.event
    async def ask_back(self) -> Any:
        """Ask why the meeting is interrupted."""
        code = self.day.in_room.code
        self.back = (await notes_of(self, BACK) or {}).get(code, "")
        self.sending_back = code
        return rx.set_focus("note")

    @rx.event
    async def keep_back(self, note: str, code: str) -> None:
        """Store why this visitor is sent back, at a pause or when the field is left."""
        if code and code == self.sending_back:
            await store_note(self, BACK, code, text_of(note))

    @rx.event
    async def send_back(self, form: Form) -> None:
        """Send back into the hall the visitor who was in the room when the question was opened.

        The citizen reads the note.
        """
        code = text_of(form.get(ABOUT)) or self.sending_back
        if code != self.day.in_room.code:
            if code != self._sent_back:
                await self._report_not_sent()
            return
        sent = await execute(
            self,
            take_step,
            TakeStep,
            code=code,
            action=Action.SEND_BACK.value,
            note=str(form.get("note") or ""),
        )
        refuse_under(self, "note")
        if sent is not None:
            self._sent_back, self.sending_back = code, ""
            await store_note(self, BACK, code, "")
        await self._read()
        if sent is not None:
            self.done = agenda_text.BACK_DONE

    async def _call_in(self, code: str, skip: str) -> Any:
        came = await execute(
            self, take_step, TakeStep, code=code, action=Action.CALL_IN.value, skip=skip
        )
        if came is None:
            if self.skipping:
                refuse_under(self, "skip")
            if self.done:  # reception has called her in at the same time
                self.skipping = ""
            await self._read()
            return None
        self.skipping = ""
        return rx.redirect(f"/mayor/meeting/{came.code}/")

    async def _read(self) -> None:
        before = self.head.district
        seen = await self._read_day()
        if seen is not None and seen.board is not None and seen.board.has_new_name:
            await try_execute(self, open_monday, ADay(district=self.head.district))
            await self._read_day()
        if before not in {0, self.head.district}:  # another tab has changed the district
            await (await self.get_state(HoldingState)).load()
            await (await self.get_state(DayPlaceState)).load()

    async def _read_aloud(self) -> None:
        """Read again what others have changed, and announce it."""
        before = self._hall
        await self._read()
        if news := hall_news(before, self._hall):
            self.news = news

    async def _read_day(self) -> Agenda | None:
        seen = await query(self, agenda, ADay())
        if seen is None:
            if self.missing:
                self.owner = await try_query(self, draft_owner, Nothing()) or ""
            return None
        self.head = (
            day_head(seen.board)
            if seen.board
            else head(tehran_day(seen.now), seen.district, seen.now)
        )
        self.day = views.day(seen)
        self._hall = hall_of(seen.board) if seen.board else {}
        self.evening = evening(seen.evening, seen.district)
        self.owner = seen.owner
        return seen


@dataclass(frozen=True)
class DeputyForm(ViewModel):
    """The form for the holder of a Monday: which Monday, who may be chosen, and who holds it
    now."""

    title: str = ""
    people: tuple[Choice, ...] = ()
    holder: str = ""
    district: str = ""
    on: str = ""


class HoldingState(Asking, rx.State):
    """The part of `/mayor/` that chooses the holder; hidden for a deputy, and for a mayor who is
    the only one who may hold it."""

    asked: DeputyForm = DeputyForm()

    @rx.event
    async def load(self) -> None:
        """Read who may hold the coming Monday."""
        self.errors, self.refused, self.done = {}, "", ""
        await self._read()

    @rx.event
    async def name(self, form: Form) -> None:
        """Name a deputy as the holder, or the mayor again."""
        chosen = text_of(form.get("account"))
        self.done = ""
        asked = self.asked
        if not is_of(form, asked.district, asked.on):
            self.refused = day_place_text.OTHER_TABLE
            return
        district = int(asked.district or 0)
        named = await execute(
            self, name_holder, NameHolder, account=chosen, district=district, monday=asked.on
        )
        await self._read()
        if named is not None:
            who = next((_word(person, named) for person in named if person.holds), "")
            self.done = agenda_text.HOLDER_DONE.format(who=who)

    async def _read(self) -> None:
        found = await try_query(self, holders, ADay())
        if found is None or len(found.people) < _A_CHOICE:
            self.asked = DeputyForm()
            return
        self.asked = DeputyForm(
            title=agenda_text.HOLDER_TITLE.format(day=weekday_day(found.on)),
            people=tuple(
                Choice(person.account_id, _word(person, found.people)) for person in found.people
            ),
            holder=next((person.account_id for person in found.people if person.holds), ""),
            district=str(found.district),
            on=found.on.isoformat(),
        )


_A_CHOICE = 2


def _word(holder: Holder, people: Sequence[Holder]) -> str:
    """Return how the page names a holder; of two mayors, one stands in for the other."""
    mayors = sum(person.role is Role.MAYOR for person in people)
    return agenda_text.who(holder.role, holder.name, is_only=mayors == 1)


def holding() -> rx.Component:
    S, asked = HoldingState, HoldingState.asked
    return shown(
        asked.title,
        rx.el.form(
            of_table(asked.district, asked.on),
            select(
                asked.title,
                "account",
                asked.people,
                value=asked.holder,
                hint=agenda_text.HOLDER_WHY,
                error=S.errors["account"],
                key=asked.district + asked.holder,
            ),
            spoken(answer_notices(S.done, S.refused)),
            button(agenda_text.HOLDER_SEND, kind="secondary", size="sm", submit=True),
            on_submit=S.name,
            method="post",
            class_name="no-print grid justify-items-start gap-3",
        ),
    )
