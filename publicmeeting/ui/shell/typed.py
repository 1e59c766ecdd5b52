"""A long form of an official, stored while it is typed: for another tab, and for after a sign-in.

A page gives each field `S.filled[name]` as its value and `storing` or `choosing` as its events,
draws `found` over the form, and the form again with `key=S.form_turn`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import reflex as rx

from publicmeeting.domain.officials.typed_forms import TypedForm
from publicmeeting.text.officials import staff_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import saving
from publicmeeting.ui.design.flow import Handler, shown
from publicmeeting.ui.design.sheets import notice
from publicmeeting.ui.reflex.forms import text_of
from publicmeeting.ui.reflex.view_model import VarField, ViewModel
from publicmeeting.ui.shell.act import try_execute, try_query
from publicmeeting.ui.shell.connection.redelivery import Addressed
from publicmeeting.usecases.officials.typed_forms import (
    KeepTyped,
    OneForm,
    forget_typed,
    keep_typed,
    typed_form,
)


@dataclass(frozen=True)
class Typed(ViewModel):
    """The values with which the fields begin, and whether some were typed before."""

    filled: dict[str, str] = field(default_factory=dict)
    is_found: bool = False
    form_turn: int = 0


class TypedFormState(Addressed, mixin=True):
    """Mixin: one form whose fields are stored at each pause in typing."""

    FORM: ClassVar[TypedForm]
    AT_ANY_ADDRESS: ClassVar[frozenset[str]] = frozenset({"keep"})
    typed_form: Typed = Typed()

    filled = VarField[dict[str, str]]("typed_form")
    is_found = VarField[bool]("typed_form")
    form_turn = VarField[int]("typed_form")
    _first: dict[str, str] = {}
    """What the form shows to somebody who has typed nothing."""
    _typed: dict[str, str] = {}
    _stored_as: dict[str, Any] = {}
    _left: tuple[str, dict[str, Any], int, dict[str, str]] = ("", {}, 0, {})
    """Subject, form, turn and first values of the page that this tab showed before."""

    def _district(self) -> int:
        """Return the district of the event's address; 0 if the form concerns none."""
        return 0

    @rx.event
    async def keep(self, name: str, value: str, form_turn: int) -> None:
        """Store one field, at a pause in typing or when it is left.

        A pause may end after the form was sent, or begun anew; `form_turn` is what it showed.
        It may also end after the official has gone on to another district.
        """
        field_, text = text_of(name), text_of(value)
        if self._shown_at not in (None, self._subject()):
            await self._keep_of_left(field_, text, form_turn)
            return
        if form_turn != self.form_turn or field_ not in self._first:
            return
        if text == self._value_of(field_):
            return
        is_first = text == self._first[field_]
        self._typed = {key: one for key, one in self._typed.items() if key != field_}
        self._typed |= {} if is_first else {field_: text}
        self._fill()
        command = KeepTyped(**self._which(), name=field_, value=text, is_first=is_first)
        await try_execute(self, keep_typed, command)

    @rx.event
    async def start_over(self) -> None:
        """Delete what was typed before, and show the form as it begins."""
        await self._forget_typed()

    async def _arrives(self) -> bool:
        left = (self._shown_at or "", self._stored_as, self.form_turn, self._first)
        reader = self._opened[1]
        is_opened = await super()._arrives()
        if reader != self._opened[1]:
            self._left = ("", {}, 0, {})
        elif left[0] != self._shown_at:
            self._left = left
        return is_opened

    async def _keep_of_left(self, name: str, text: str, form_turn: int) -> None:
        subject, which, turn, first = self._left
        if (subject, turn) == (self._subject(), form_turn) and name in first:
            command = KeepTyped(**which, name=name, value=text, is_first=text == first[name])
            await try_execute(self, keep_typed, command)

    async def _read_typed(self) -> None:
        """Read what was typed before; call it when the page is opened, after `_begin_with`."""
        self._stored_as = self._which()
        stored = await try_query(self, typed_form, OneForm(**self._stored_as))
        before, self._typed = self._typed, dict(stored or {})
        turn = self.form_turn + (self._typed != before)  # lists and chips do not follow their state
        is_found = any(name in self._first for name in self._typed)
        self.typed_form = replace(self.typed_form, is_found=is_found, form_turn=turn)
        self._fill()

    def _begin_with(self, first: Mapping[str, str]) -> None:
        """Set what the form shows where nothing was typed."""
        self._first = dict(first)
        self._fill()

    async def _forget_typed(self) -> None:
        """Delete what was typed, because it was sent or is not wanted."""
        await try_execute(self, forget_typed, OneForm(**self._which()))
        self._typed = {}
        self.typed_form = replace(self.typed_form, is_found=False, form_turn=self.form_turn + 1)
        self._fill()

    def _value_of(self, name: str) -> str:
        return self._typed.get(name, self._first[name])

    def _fill(self) -> None:
        self.filled = {name: self._value_of(name) for name in self._first}

    def _which(self) -> dict[str, Any]:
        return {"form": self.FORM.value, "district": self._district()}


async def notes_of(state: rx.State, page: str) -> dict[str, str] | None:
    """Return what this account has typed on a page about cases and has not sent, by their names.

    None if it cannot be read now.
    """
    stored = await try_query(state, typed_form, OneForm(form=TypedForm.NOTES.value))
    if stored is None:
        return None
    start = f"{page}/"
    return {k.removeprefix(start): note for k, note in stored.items() if k.startswith(start)}


async def store_note(state: rx.State, page: str, name: str, note: str) -> None:
    """Store a note about a case, or delete it if it is empty.

    Each page has notes of its own about the same case.
    """
    form, typed_at = TypedForm.NOTES.value, f"{page}/{name}"
    command = KeepTyped(form=form, name=typed_at, value=note, is_first=not note)
    await try_execute(state, keep_typed, command)


def storing(state: type[TypedFormState], name: Any) -> dict[str, Handler]:
    """Return the events of a text field that store it."""
    return saving(choosing(state, name))


def choosing(state: type[TypedFormState], name: Any) -> Callable[[Any], Handler]:
    """Return what stores the answer of a list or of chips."""
    return lambda value: state.keep(name, value, state.form_turn)


def found(state: type[TypedFormState]) -> rx.Component:
    """The sentence that the fields show what was typed before, with a button that deletes it."""
    again = button(staff_text.START_OVER, kind="secondary", size="sm", on_click=state.start_over)
    return shown(state.is_found, notice(staff_text.TYPED_BEFORE, action=again))
