"""View models and state of `/district/`, the texts of a district."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import reflex as rx

from publicmeeting.domain.districts.texts import Difference, DistrictTexts, TextField, TextState
from publicmeeting.domain.officials.typed_forms import TypedForm
from publicmeeting.kit.digits import ascii_digits, persian, whole_number
from publicmeeting.kit.jalali import day_words, moment_words, weekday_day
from publicmeeting.text.common import chrome_text, dates_text
from publicmeeting.text.districts import texts_text
from publicmeeting.text.meetings import day_place_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.reflex.forms import Form, text_of
from publicmeeting.ui.reflex.view_model import VarField, ViewModel
from publicmeeting.ui.shell.act import execute, query, try_execute, try_query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.ui.shell.typed import TypedFormState
from publicmeeting.usecases.districts.texts import (
    Decided,
    DecideTexts,
    DistrictPage,
    NamedVersion,
    OneDistrict,
    OneVersion,
    ProposeTexts,
    decide_texts,
    district_texts,
    preview_texts,
    propose_texts,
    unit_field,
    withdraw_texts,
)
from publicmeeting.usecases.officials.typed_forms import (
    KeepTyped,
    OneForm,
    forget_typed,
    keep_typed,
    typed_form,
)


@dataclass(frozen=True)
class UnitField:
    """The field of one unit's name."""

    name: str
    label: str


@dataclass(frozen=True)
class Change:
    """One line of a difference, in words."""

    what: str
    old: str
    new: str


@dataclass(frozen=True)
class Waiting(ViewModel):
    """The waiting proposal; `version` 0 if there is none.

    `why_not` is set for an official who may not put it in force.
    """

    version: int = 0
    who: str = ""
    changes: tuple[Change, ...] = ()
    yes: str = ""
    why_not: str = ""
    moved: str = ""
    """On which days, and how many, citizens with a seat would be sent to another place."""
    is_own: bool = False


@dataclass(frozen=True)
class Past:
    """A version that was accepted, refused or withdrawn."""

    state: str
    who: tuple[str, ...]
    note: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Shown(ViewModel):
    """The whole page, without the values of the form."""

    district: int = 0
    name: str = ""
    others: tuple[Choice, ...] = ()
    head: str = ""
    facts: tuple[Change, ...] = ()
    waiting: Waiting = Waiting()
    units: tuple[UnitField, ...] = ()
    days: tuple[Choice, ...] = ()
    from_hint: str = ""
    seats_hint: str = ""
    history: tuple[Past, ...] = ()


def texts_view(seen: DistrictPage) -> Shown:
    newest = seen.newest
    first = weekday_day(seen.seats_from)
    coming = newest.from_on > seen.today
    return Shown(
        district=seen.district,
        name=texts_text.DISTRICT.format(district=persian(seen.district)),
        others=tuple(
            Choice(str(district), texts_text.DISTRICT.format(district=persian(district)))
            for district in seen.others
        ),
        head=texts_text.COMING.format(day=day_words(newest.from_on))
        if coming
        else texts_text.IN_FORCE,
        facts=tuple(
            Change(
                texts_text.FIELD[field], "", _text_typed(newest.texts, field) or texts_text.EMPTY
            )
            for field in TextField
        ),
        waiting=_waiting(seen) if seen.waiting else Waiting(),
        units=tuple(
            UnitField(unit_field(code), texts_text.UNIT.format(name=name))
            for code, name in newest.texts.units
        ),
        days=tuple(Choice(day.isoformat(), day_label(day, seen.today)) for day in seen.days),
        from_hint=texts_text.FROM_HINT.format(day=first),
        seats_hint=texts_text.HINT[TextField.SEATS].format(day=first),
        history=tuple(map(_past, seen.history)),
    )


def first_values(seen: DistrictPage) -> dict[str, str]:
    """Return what the form shows to somebody who has typed nothing."""
    texts = seen.newest.texts
    return {
        **{field.value: _text_typed(texts, field) for field in TextField},
        **{unit_field(code): name for code, name in texts.units},
        **dict.fromkeys(("new_unit", "from_on"), ""),
    }


def day_label(day: date, today: date) -> str:
    return texts_text.TODAY.format(day=day_words(day)) if day == today else day_words(day)


def changes(found: Sequence[Difference]) -> tuple[Change, ...]:
    return tuple(map(_change, found))


def _waiting(seen: DistrictPage) -> Waiting:
    version = seen.waiting
    assert version is not None
    day = day_words(version.from_on)
    refused = seen.refused
    return Waiting(
        version=version.version.id,
        who=texts_text.WAITING_WHO.format(
            name=version.proposed_by, when=moment_words(version.version.proposed_at), day=day
        ),
        changes=changes(version.changes),
        yes=texts_text.PUT_IN_FORCE.format(day=day),
        why_not=refusal(refused.key, **refused.facts) if refused and not seen.is_own else "",
        moved=" ".join(
            texts_text.MOVED.format(day=weekday_day(day.on), count=dates_text.people(day.people))
            for day in version.moved
        ),
        is_own=seen.is_own,
    )


def _past(named_version: NamedVersion) -> Past:
    version = named_version.version
    who = []
    if named_version.proposed_by:
        who.append(
            texts_text.PAST_PROPOSED.format(
                name=named_version.proposed_by, when=moment_words(version.proposed_at)
            )
        )
    if version.decided_at is not None and version.state is not TextState.WITHDRAWN:
        who.append(
            texts_text.PAST_DECIDED.format(
                name=named_version.decided_by, when=moment_words(version.decided_at)
            )
        )
    return Past(
        state=texts_text.STATE[version.state].format(day=day_words(version.from_on)),
        who=tuple(who) or (texts_text.FOUNDED,),
        note=texts_text.PAST_NOTE.format(note=version.note) if version.note else "",
        changes=changes(named_version.changes),
    )


def _change(difference: Difference) -> Change:
    if difference.field is not None:
        return Change(
            texts_text.FIELD[difference.field],
            _shown(difference.field, difference.old) or texts_text.EMPTY,
            _shown(difference.field, difference.new) or texts_text.EMPTY,
        )
    if not difference.old:
        return Change(texts_text.UNIT_ADDED, texts_text.EMPTY, difference.new)
    return Change(texts_text.UNIT.format(name=difference.old), difference.old, difference.new)


def _text_typed(texts: DistrictTexts, field: TextField) -> str:
    value = " ".join(texts.seats) if field is TextField.SEATS else str(getattr(texts, field.value))
    return _shown(field, value)


def _shown(field: TextField, text: str) -> str:
    """Return a text with Persian digits and separators as a person would type them."""
    if field is TextField.POINT:
        return persian(text.replace(".", "٫").replace(",", "، "))
    return persian(text.replace(" ", "، ")) if field is TextField.SEATS else text


HERE = "/district/"
_UNIT = unit_field("")
_STALE = "text_stale"


@dataclass(frozen=True)
class Compared(ViewModel):
    """What the compared form would change; empty before it was compared."""

    changes: tuple[Change, ...] = ()
    propose_label: str = ""


class TextsState(TypedFormState, rx.State):
    """State of `/district/`: the current texts, the waiting proposal, and what is being typed."""

    FORM: ClassVar[TypedForm] = TypedForm.TEXTS
    NOT_SENT: ClassVar[str] = chrome_text.NOT_SENT_HERE
    AT_ANY_ADDRESS: ClassVar[frozenset[str]] = frozenset({"choose", "keep", "keep_note"})
    shown: Shown = Shown()
    compared: Compared = Compared()
    changes = VarField[tuple[Change, ...]]("compared")
    propose_label = VarField[str]("compared")
    is_editing: bool = False
    """Whether the form is visible. While a proposal waits it is hidden until asked for."""
    note: str = ""
    """Why the waiting proposal is refused, as it was typed before."""
    _base: int = 0
    _newest: int = 0
    _compared: dict[str, Any] = {}

    @rx.event
    async def load(self) -> None:
        """Read the district of the address, or the official's first one."""
        is_opened = await self._arrives()
        await read_rail(self)
        await self._read()
        if is_opened:  # otherwise a compared form can still be proposed
            self.errors, self.refused, self.done = {}, "", ""
            self._forget()
            self._base = self._newest
            self.is_editing = not self.shown.waiting.version
            await self._read_typed()
            await self._read_note()

    @rx.event
    async def keep_note(self, note: str, version: int, district: int) -> None:
        """Store why a version is refused, at a pause in typing or when the field is left.

        A pause may end after the official has gone on to another district.
        """
        text, name = text_of(note), str(_number(version))
        command = KeepTyped(
            form=TypedForm.REFUSAL.value,
            district=_number(district),
            name=name,
            value=text,
            is_first=not text,
        )
        await try_execute(self, keep_typed, command)

    @rx.event
    async def edit(self) -> None:
        """Show the form although a proposal waits."""
        self.is_editing = True

    @background
    async def watch(self) -> None:
        """Read again when a colleague has proposed or decided something."""
        await follow(self, own, self._reread)

    @rx.event
    async def preview(self, form: Form) -> Any:
        """Compare what is typed with the current texts."""
        typed = _typed(form)
        self._forget()
        found = await execute(self, preview_texts, ProposeTexts, {**typed, **self._known()})
        if found is None:
            await self._after_stale()
            return None if self.errors else rx.set_focus("compared")
        self._compared = typed
        day = next(
            (choice.label for choice in self.shown.days if choice.value == typed["from_on"]), ""
        )
        self.compared = Compared(changes(found), texts_text.PROPOSE.format(day=day))
        return rx.set_focus("compared")

    @rx.event
    async def propose(self) -> Any:
        """Propose exactly what was compared."""
        if not self._compared and not self.done:
            await self._report_not_sent()
        if not self._compared:
            return None
        made = await execute(self, propose_texts, ProposeTexts, {**self._compared, **self._known()})
        if made is None:
            await self._after_stale()
        else:
            self.done = texts_text.PROPOSED
            self.is_editing = False
            self._forget()
            await self._forget_typed()
        await self._reread()
        return rx.set_focus("waiting" if made is not None else "compared")

    @rx.event
    async def put_in_force(self, version: int) -> Any:
        """Put a version in force, as the second official."""
        made = await self._decide(version, is_yes=True, note="")
        if made is not None:
            words = texts_text.DONE_MOVED if made.moves else texts_text.DONE_IN_FORCE
            when = day_place_text.when(made.notified_at)
            self.done = words.format(day=day_words(made.from_on), when=when)
            self._base = self._newest
        return rx.set_focus("waiting")

    @rx.event
    async def refuse(self, version: int, form: Form) -> Any:
        """Refuse a version with a reason, as the second official."""
        made = await self._decide(version, is_yes=False, note=text_of(form.get("note")))
        if made is not None:
            self.done = texts_text.DONE_REFUSED
            await try_execute(self, forget_typed, self._refusal())
        return None if self.errors else rx.set_focus("waiting")

    @rx.event
    async def withdraw(self, version: int) -> Any:
        """Withdraw the official's own proposal."""
        await execute(self, withdraw_texts, OneVersion, version=_number(version))
        if not self.refused:
            self.done = texts_text.DONE_WITHDRAWN
        await self._reread()
        return rx.set_focus("waiting")

    @rx.event
    async def choose(self, district: str) -> Any:
        """Go to another of this official's districts."""
        return rx.redirect(f"{HERE}?district={_number(district)}")

    async def _decide(self, version: int, *, is_yes: bool, note: str) -> Decided | None:
        made = await execute(
            self, decide_texts, DecideTexts, version=_number(version), is_yes=is_yes, note=note
        )
        await self._reread()
        return made

    async def _read_note(self) -> None:
        notes = await try_query(self, typed_form, self._refusal())
        self.note = (notes or {}).get(str(self.shown.waiting.version), "")

    def _refusal(self) -> OneForm:
        return OneForm(form=TypedForm.REFUSAL.value, district=self.shown.district)

    def _known(self) -> dict[str, int]:
        return {"district": self.shown.district, "base": self._base}

    def _forget(self) -> None:
        self._compared, self.compared = {}, Compared()

    async def _after_stale(self) -> None:
        """If the texts have changed meanwhile, compare with the new ones from now on."""
        if self.why == _STALE:
            await self._read()
            self._base = self._newest

    async def _reread(self) -> None:
        await read_rail(self)
        await self._read()

    async def _read(self) -> None:
        seen = await query(self, district_texts, OneDistrict(district=self._wanted()))
        if seen is not None:
            self.shown = texts_view(seen)
            self._newest = seen.newest.id
            self._begin_with(first_values(seen))

    def _subject(self) -> str:
        """Return the district: `/district/` is a separate page for each."""
        return str(self._wanted())

    def _district(self) -> int:
        return self._wanted() or self.shown.district

    def _wanted(self) -> int:
        return _number(self.router.url.query_parameters.get("district", ""))


def _typed(form: Form) -> dict[str, Any]:
    """Return the fields of the form; the names of units by their codes."""
    names = (*(field.value for field in TextField), "from_on", "new_unit")
    units = tuple(
        (name.removeprefix(_UNIT), value)
        for name, value in form.items()
        if name.startswith(_UNIT) and isinstance(value, str)
    )
    return {**{name: text_of(form.get(name)) for name in names}, "units": units}


def _number(sent: object) -> int:
    return whole_number(ascii_digits(str(sent)), 18) or 0
