"""State of a page with a decision bar: the open form, and notes that must not be lost."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import reflex as rx

from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.records import Event
from publicmeeting.domain.stages import Need
from publicmeeting.kit.clock import in_tehran
from publicmeeting.kit.jalali import clock_words
from publicmeeting.text.lifecycle.actions_text import DONE as DONE_WORDS
from publicmeeting.text.officials import staff_text
from publicmeeting.ui.design.models import Row
from publicmeeting.ui.reflex.forms import Form, form_in, text_of
from publicmeeting.ui.reflex.view_model import VarField, ViewModel
from publicmeeting.ui.shell.act import try_query
from publicmeeting.ui.shell.connection.redelivery import Addressed
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.ui.shell.steps.keys import CANCEL, DONE, NEXT
from publicmeeting.ui.shell.steps.views import (
    ABOUT,
    NOTE_TURN,
    STEP,
    StepButton,
    StepForm,
    missing_fields,
    read_fields,
    step_buttons,
    step_form,
    step_named,
    takes,
)
from publicmeeting.ui.shell.typed import notes_of, store_note
from publicmeeting.usecases.base import MAX_TEXT, Nothing
from publicmeeting.usecases.orders.paper.drafts import draft_owner

NOTES_MOST = 20
"""Maximum number of cases whose notes are kept in memory while a tab is open."""
_NAME_MOST = 100
"""Maximum characters of the name under which a note is stored."""
_AT_THE_DOOR = (Need.IDENTITY,)


@dataclass(frozen=True)
class Onward(ViewModel):
    """The next case after a step was taken; `href` is empty if there is none."""

    title: str = ""
    href: str = ""


@dataclass(frozen=True)
class ActionBar(ViewModel):
    """The content of a decision bar."""

    buttons: tuple[StepButton, ...] = ()
    form: StepForm = field(default_factory=StepForm)
    stale: str = ""
    onward: Onward = field(default_factory=Onward)


class ActionFormState(Addressed, mixin=True):
    """Mixin: one decision bar. The page says which case it is about, and performs the step."""

    AT_ANY_ADDRESS: ClassVar[frozenset[str]] = frozenset({"keep_note"})

    bar: ActionBar = ActionBar()

    buttons = VarField[tuple[StepButton, ...]]("bar")
    form = VarField[StepForm]("bar")
    stale = VarField[str]("bar")
    """Why the open form can no longer be sent."""
    _notes: dict[str, str] = {}
    """Notes that were not sent; they are stored for their writer, for other tabs and browsers."""
    _writer: str = ""
    """Mark of the account whose notes these are."""
    _moves_before: int = 0
    """How many events the case had when no form was open."""
    _last: tuple[str, str] = ("", "")
    """Case and action of the last step taken: a second press of it is not an error."""

    def _about(self) -> str:
        """Return the code or number of the case that this bar is about."""
        return ""

    def _draft_of(self, about: str, action: str) -> str:
        """Return the name under which a note is stored.

        By default all steps of a case share one name, so that a note is not lost when a colleague
        takes the step first.
        """
        del action
        return about

    def _written_for(self) -> str:
        """Return the case of what is typed in this event."""
        return self._about()

    def _templates(self, step: Step) -> tuple[str, ...]:
        """Return prepared beginnings of a note for this step."""
        del step
        return ()

    def _facts(self) -> dict[str, Any]:
        """Return what a form needs besides its step: `after` (a day), `own_district`."""
        return {}

    @rx.event
    async def choose(self, action: str) -> Any:
        """Open the form of the pressed button, with the note already typed for this case."""
        return self._open_form(str(action))

    def _open_form(self, action: str) -> Any:
        step = step_named(action)
        if step is None or action not in {button.action for button in self.buttons}:
            return None
        self.errors, self.refused, self.done, self.stale = {}, "", "", ""
        draft = self._notes.get(self._draft_of(self._about(), action), "")
        form = step_form(
            step,
            draft=draft,
            templates=self._templates(step),
            turn=self.form.turn + 1,
            **self._facts(),
        )
        self.form = replace(form, about=self._about())
        return rx.set_focus(first_field(self.form))

    @rx.event
    async def cancel(self) -> None:
        """Close the form; the note stays stored."""
        self._close()
        self.errors, self.refused = {}, ""

    @rx.event
    async def keep_note(self, note: str, about: str = "", action: str = "") -> None:
        """Store the note for the case and step of its own form, at a pause or when the field is
        left.

        A pause may end after the step was taken. That note was sent and is not a draft of the next
        one.
        """
        own = about or self._written_for(), action or self.form.action
        if own == self._last and own != (self.form.about, self.form.action):
            return
        await self._store(self._keep(note, *own))

    @rx.event
    async def take_template(self, which: str) -> Any:
        """Add a prepared beginning at the end of the note."""
        text = next(
            (template.label for template in self.form.templates if template.value == which), ""
        )
        if not text:
            return None
        written = self._notes.get(self._own_draft(), "").rstrip()
        note = f"{written}\n{text}".strip()
        await self._store(self._keep(note))
        self.form = replace(self.form, draft=note, turn=self.form.turn + 1)
        return rx.set_focus("note")

    def _own_draft(self) -> str:
        return self._draft_of(self._about(), self.form.action)

    def _keep(self, note: object, about: str = "", action: str = "") -> str:
        """Hold the note of the open form, or of the form of this case and step; return its name."""
        text = text_of(note)
        own = self._draft_of(about, action)[:_NAME_MOST] if about else self._own_draft()
        if text.strip() and own == self._own_draft():
            self.errors = {name: error for name, error in self.errors.items() if name != "note"}
        if self.form.note and own == self._own_draft():
            # A page that opens again draws this draft; an open page already shows it.
            self.form = replace(self.form, draft=text[:MAX_TEXT])
        notes = {**self._notes, own: text[:MAX_TEXT]}
        while len(notes) > NOTES_MOST:
            del notes[next(iter(notes))]
        self._notes = notes
        return own

    async def _arrives(self) -> bool:
        is_opened = await super()._arrives()
        if is_opened:
            await self._read_notes()
        return is_opened

    async def _read_notes(self) -> None:
        """Read the stored notes of whoever has opened the page.

        What this tab holds is newer, unless another official has written it.
        """
        stored = await notes_of(self, type(self).__name__)
        writer = await try_query(self, draft_owner, Nothing()) or ""
        if stored is None or not writer:
            return
        here = self._notes if writer == self._writer else {}
        self._notes, self._writer = {**stored, **here}, writer

    async def _store(self, name: str) -> None:
        """Store what this page holds under a name, for other tabs and browsers of its writer."""
        await store_note(self, type(self).__name__, name, self._notes.get(name, ""))

    def _typed(self, form: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of this form. The note is stored first, because the answer may be a
        refusal."""
        step = self._step()
        needs = takes(step) if step else _AT_THE_DOOR
        form = form if isinstance(form, Mapping) else {}
        filled = read_fields(needs, form)
        if Need.NOTE in filled:
            if self._is_behind(form, text_of(filled[Need.NOTE])):
                filled[Need.NOTE] = self.form.draft
            self._keep(filled[Need.NOTE])
        return filled

    def _keep_typed(self, handler: str, payload: Mapping[str, Any]) -> bool:
        return handler == "send" and self._keep_sent(form_in(payload.get("form")))

    def _keep_sent(self, form: Mapping[str, Any]) -> bool:
        """Store the note of a form that is not sent, for its own case; return whether there is
        any."""
        note, about = text_of(form.get(Need.NOTE)), text_of(form.get(ABOUT))
        if note.strip():
            self._keep(note, about or self._written_for(), text_of(form.get(STEP)))
        return bool(note.strip())

    async def _is_of_open_form(self, form: Form) -> bool:
        """Return whether the submitted form is the open one.

        A second press of the same button finds its form closed by the first; nothing is reported.
        Any other form that is no longer open was not sent, and the page says so.
        """
        sent = (text_of(form.get(ABOUT)), text_of(form.get(STEP)))
        if self.form.action and sent in {("", ""), (self.form.about, self.form.action)}:
            return True
        if sent != self._last and (sent != ("", "") or not any(self._last)):
            await self._report_not_sent(is_stored=self._keep_sent(form))
        return False

    def _is_behind(self, form: Mapping[str, Any], note: str) -> bool:
        """Return whether the form was sent before a template was added to its note.

        A user who presses a template and the step at once means both.
        """
        is_older = text_of(form.get(NOTE_TURN)) != str(self.form.turn)
        return NOTE_TURN in form and is_older and self.form.draft.startswith(note.rstrip())

    def _lacks(self, filled: Mapping[str, Any]) -> bool:
        """Return whether a field that the step needs is empty; the errors are set under their
        fields."""
        step = self._step()
        self.errors = missing_fields(step, filled) if step else {}
        self.refused = ""
        return bool(self.errors)

    def _step(self) -> Step | None:
        """Return the step of the open form; None if its action is in no table."""
        return step_named(self.form.action)

    async def _sent(self) -> None:
        """Close the form and delete its note after the step was taken."""
        own = self._own_draft()
        self._last = (self.form.about, self.form.action)
        had, self._notes = self._notes, {k: note for k, note in self._notes.items() if k != own}
        self._close()
        if own in had:
            await self._store(own)

    def _close(self) -> None:
        self.form, self.stale = StepForm(turn=self.form.turn + 1), ""

    def _restore_note(self) -> None:
        """Start an open form with its stored note after the page was loaded again.

        Text that is being typed stays.
        """
        draft = self._notes.get(self._own_draft(), "")
        if self.form.note and draft != self.form.draft:
            self.form = replace(self.form, draft=draft, turn=self.form.turn + 1)

    def _show_steps(self, steps: tuple[Step, ...], history: Sequence[Event] = ()) -> None:
        """Show the buttons of the steps that are open now.

        An open form stays, even if it is too late. If the case has moved since it was opened, it
        names the newest step, and so who was faster.
        """
        self._show_buttons(step_buttons(steps))
        if not self.form.action:
            self._moves_before = len(history)
        elif self.stale and len(history) > self._moves_before:
            what, at = DONE_WORDS[history[-1].action], clock_words(in_tehran(history[-1].at))
            self.stale = staff_text.MOVED_ON.format(what=what, time=at)

    def _show_buttons(self, buttons: Iterable[StepButton]) -> None:
        self.buttons = tuple(buttons)
        open_now = {button.action for button in self.buttons}
        late = bool(self.form.action) and self.form.action not in open_now
        self.stale = staff_text.NO_LONGER if late else ""


class MasterDetailState(ActionFormState, mixin=True):
    """Mixin: a list, and the open case beside it.

    The page implements what its address means, how the list and one case are read and shown, and
    how a step is taken. This class decides when.
    """

    onward = VarField[Onward]("bar")

    @rx.event
    async def load(self) -> None:
        """Read the list and open the case of the address; opening a case is recorded."""
        self._read_address()
        asked, is_opened, answer = self._subject(), await self._arrives(), self.answer
        if is_opened:
            self.done = self.refused = ""
        if asked != self._about():
            self._leave()
        self._restore_note()
        await self._read_frame()
        if not await self._read_list(asked):
            return
        await self._read_once()
        if asked:
            await self._open(asked)
        if not is_opened:
            self._restore_answer(answer)

    @rx.event
    async def send(self, form: Form) -> Any:
        """Take the chosen step, and read the page again whatever the result."""
        if not await self._is_of_open_form(form):
            return None
        typed, about = self._typed(form), self._about()
        if self._lacks(typed):
            return None
        done = await self._take(self.form.action, typed)
        done = done or self.done or None  # somebody else took the same step at the same time
        if done is not None:
            await self._sent()
            self.done = done
        await self._reread()
        if done is None:  # without its button, the focus would be at the top of the page
            return rx.set_focus(CANCEL) if self.stale else None
        await self._taken(about)
        self.onward = self._next_one()
        return rx.set_focus(NEXT if self.onward.href else DONE)

    def _next_one(self) -> Onward:
        """Return the most urgent other case in the list."""
        row = next((unchosen for unchosen in self._rows() if not unchosen.chosen), None)
        some, none = self._next_words()
        return Onward(some.format(title=row.title), row.href) if row else Onward(none)

    @abstractmethod
    def _rows(self) -> Sequence[Row]:
        """Return the rows of the list, most urgent first."""

    @abstractmethod
    def _next_words(self) -> tuple[str, str]:
        """Return two sentences: one that offers the next case, one if there is none."""

    @abstractmethod
    async def _take(self, action: str, typed: dict[str, str]) -> str | None:
        """Take the step. Return one sentence about what was done, or None if it was refused."""

    def _written_for(self) -> str:
        return self._subject()

    @abstractmethod
    def _subject(self) -> str:
        """Return the case that the address names, or ""."""

    @abstractmethod
    def _read_address(self) -> None:
        """Store which part of the list the address asks for."""

    async def _read_frame(self) -> None:
        """Read what is around list and case."""
        await read_rail(self)

    @abstractmethod
    async def _read_list(self, chosen: str) -> bool:
        """Read and show the list with this case marked; return False if it cannot be read."""

    async def _read_once(self) -> None:
        """Read what is needed only when the page opens, not at every change."""

    @abstractmethod
    async def _read_case(self, key: str, *, opening: bool) -> bool:
        """Read and show a case; return False if it was refused.

        With `opening` it is opened for the first time, which is recorded.
        """

    @abstractmethod
    def _clear(self, refused: str = "") -> None:
        """Show no case; `refused` says why the requested one cannot be opened."""

    def _gone(self) -> None:
        """Called when this official may no longer see the open case."""

    async def _reread(self) -> None:
        """Read the list again, and the open case if there is one."""
        await self._read_frame()
        key = self._about()
        if await self._read_list(key) and key:
            await self._show_again(key)

    async def _open(self, key: str) -> None:
        if not await self._read_case(key, opening=True):
            refused, self.refused = self.refused, ""
            self._leave(refused)

    async def _show_again(self, key: str) -> None:
        """Read the open case again and keep the shown result.

        A case that is gone stays on screen as it was read, without buttons.
        """
        refused, done = self.refused, self.done
        is_there = await self._read_case(key, opening=False)
        self.missing, self.refused, self.done = False, refused, done
        if not is_there:
            self._gone()
            self._show_steps(())

    def _leave(self, refused: str = "") -> None:
        self._clear(refused)
        self._close()
        self._show_steps(())

    async def _taken(self, about: str) -> None:
        """Hook for what else the page does after a step was taken."""


def first_field(form: StepForm) -> str:
    """Return the id of the first field that a form draws, or of its button if it has none."""
    drawn = (
        (form.identity, Need.IDENTITY),
        (form.districts, Need.DISTRICT),
        (form.reasons, Need.REASON),
        (form.skips, Need.SKIP),
        (form.originals, Need.ORIGINAL),
        (form.days, Need.DUE_ON),
        (form.units, Need.UNIT),
        (form.audiences, Need.AUDIENCE),
        (form.calendar, Need.DUE_ON),
        (form.note, Need.NOTE),
    )
    return next((need.value for has, need in drawn if has), "send-step")
