"""The district's texts as they are shown: what holds, what is proposed, what was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from publicmeeting.domain.district_texts import Difference, DistrictTexts, TextField, TextState
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words, moment_words, weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.districts import texts_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.districts.texts import DistrictPage, NamedVersion, unit_field


@dataclass(frozen=True)
class UnitField:
    """The field of one unit's name."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class Change:
    """One line of a difference, in words."""

    what: str
    old: str
    new: str


@dataclass(frozen=True)
class Waiting(ViewModel):
    """The proposal that waits; `version` 0 for none, `why_not` for whoever may not put it in
    force."""

    version: int = 0
    who: str = ""
    changes: tuple[Change, ...] = ()
    yes: str = ""
    why_not: str = ""
    moved: str = ""
    """Whom it would send elsewhere than they know."""
    is_own: bool = False


@dataclass(frozen=True)
class Past:
    """A version that was decided, refused or withdrawn."""

    state: str
    who: tuple[str, ...]
    note: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Shown(ViewModel):
    """The whole page. `filled` is what the fields begin with, in the order of `TextField`."""

    district: int = 0
    name: str = ""
    others: tuple[Choice, ...] = ()
    head: str = ""
    facts: tuple[Change, ...] = ()
    waiting: Waiting = Waiting()
    filled: tuple[str, ...] = ("",) * len(TextField)
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
            Choice(str(one), texts_text.DISTRICT.format(district=persian(one)))
            for one in seen.others
        ),
        head=texts_text.COMING.format(day=day_words(newest.from_on))
        if coming
        else texts_text.IN_FORCE,
        facts=tuple(
            Change(texts_text.FIELD[one], "", _typed(newest.texts, one) or texts_text.EMPTY)
            for one in TextField
        ),
        waiting=_waiting(seen) if seen.waiting else Waiting(),
        filled=tuple(_typed(newest.texts, one) for one in TextField),
        units=tuple(
            UnitField(unit_field(code), texts_text.UNIT.format(name=name), name)
            for code, name in newest.texts.units
        ),
        days=tuple(Choice(day.isoformat(), day_label(day, seen.today)) for day in seen.days),
        from_hint=texts_text.FROM_HINT.format(day=first),
        seats_hint=texts_text.HINT[TextField.SEATS].format(day=first),
        history=tuple(map(_past, seen.history)),
    )


def day_label(day: date, today: date) -> str:
    return texts_text.TODAY.format(day=day_words(day)) if day == today else day_words(day)


def changes(found: Sequence[Difference]) -> tuple[Change, ...]:
    return tuple(map(_change, found))


def _waiting(seen: DistrictPage) -> Waiting:
    one = seen.waiting
    assert one is not None
    day = day_words(one.from_on)
    refused = seen.refused
    return Waiting(
        version=one.version.id,
        who=texts_text.WAITING_WHO.format(
            name=one.proposed_by, when=moment_words(one.version.proposed_at), day=day
        ),
        changes=changes(one.changes),
        yes=texts_text.PUT_IN_FORCE.format(day=day),
        why_not=refusal(refused.key, **refused.facts) if refused and not seen.is_own else "",
        moved=" ".join(
            texts_text.MOVED.format(day=weekday_day(day.on), count=dates_text.people(day.people))
            for day in one.moved
        ),
        is_own=seen.is_own,
    )


def _past(one: NamedVersion) -> Past:
    version = one.version
    who = []
    if one.proposed_by:
        who.append(
            texts_text.PAST_PROPOSED.format(
                name=one.proposed_by, when=moment_words(version.proposed_at)
            )
        )
    if version.decided_at is not None and version.state is not TextState.WITHDRAWN:
        who.append(
            texts_text.PAST_DECIDED.format(
                name=one.decided_by, when=moment_words(version.decided_at)
            )
        )
    return Past(
        state=texts_text.STATE[version.state].format(day=day_words(version.from_on)),
        who=tuple(who) or (texts_text.FOUNDED,),
        note=texts_text.PAST_NOTE.format(note=version.note) if version.note else "",
        changes=changes(one.changes),
    )


def _change(one: Difference) -> Change:
    if one.field is not None:
        return Change(
            texts_text.FIELD[one.field],
            _shown(one.field, one.old) or texts_text.EMPTY,
            _shown(one.field, one.new) or texts_text.EMPTY,
        )
    if not one.old:
        return Change(texts_text.UNIT_ADDED, texts_text.EMPTY, one.new)
    return Change(texts_text.UNIT.format(name=one.old), one.old, one.new)


def _typed(texts: DistrictTexts, field: TextField) -> str:
    value = " ".join(texts.seats) if field is TextField.SEATS else str(getattr(texts, field.value))
    return _shown(field, value)


def _shown(field: TextField, text: str) -> str:
    """Figures in Persian digits, with the signs a person would type."""
    if field is TextField.POINT:
        return persian(text.replace(".", "٫").replace(",", "، "))
    return persian(text.replace(" ", "، ")) if field is TextField.SEATS else text
