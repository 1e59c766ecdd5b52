"""The value that decides on Wednesday: who enters it, and from when which one counts.

The source publishes it outside the city; witnesses and the city type what it printed. The clock
computes what counts from the entries of the log alone (docs/turns.md 2).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.kit.jalali import from_iso, iso
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.kinds import NO_VALUE, Kind
from publicmeeting.turns.late_value import (
    Awaited,
    Source,
    Standing,
    Typed,
    counted_days,
    is_of_form,
    last_words,
    parties_of,
    settle,
    source_of,
)
from publicmeeting.turns.log import instant
from publicmeeting.usecases.base import Command, Nothing, usecase
from publicmeeting.usecases.lifecycle.weeks import week_of
from publicmeeting.usecases.line.ceremony.reveals import closed_at, closed_entry
from publicmeeting.usecases.line.log_once import append_once

_GROUPING = re.compile("[٬،,'\\s\u200c]")
_THREE = 3
_UNDER_WAY = 4
"""Mondays: three weeks ahead one is open."""
_FRACTION = frozenset("٫./")


def typed_words(uow: UnitOfWork, monday: date) -> list[Typed]:
    """All `value` entries of a Monday, in the order of the log."""
    return [
        Typed(seq, str(body["day"]), str(body["party"]), str(body["value"]))
        for seq, body in uow.log.bodies(uow.log_index.of_subject(iso(monday), Kind.VALUE))
    ]


def standing_of(uow: UnitOfWork, monday: date) -> tuple[int, Standing] | None:
    """The entry `value_stands` of a Monday, with its number; None before."""
    seq = uow.log_index.seq_of(Kind.VALUE_STANDS, iso(monday))
    if seq is None:
        return None
    ((_, body),) = uow.log.bodies([seq])
    return seq, Standing(str(body["day"]), str(body["value"]), tuple(body["because"]))


def value_decided_mark(monday: date) -> str:
    return f"value-stands/{monday}"


def value_decided_at(uow: UnitOfWork, monday: date) -> datetime | None:
    """When it was written which value counts."""
    return uow.clockwork.done_at(value_decided_mark(monday))


def found_now(uow: UnitOfWork, monday: date, now: datetime) -> Standing | Awaited | None:
    """What the entries so far lead to; None before the reveals are closed."""
    closed, seq = closed_at(uow, monday), closed_entry(uow, monday)
    if closed is None or seq is None:
        return None
    return settle(
        week_of(uow, monday),
        (seq, closed),
        typed_words(uow, monday),
        now,
        has_seats=uow.draws.any_seats(monday),
    )


def value_due_at(uow: UnitOfWork, monday: date, now: datetime) -> datetime | None:
    """When the clock writes what counts, as far as is known now; `now` where it can at once."""
    if value_decided_at(uow, monday) is not None:
        return None
    found = found_now(uow, monday, now)
    if found is None:
        return None
    return now if isinstance(found, Standing) else found.until


def write_standing(uow: UnitOfWork, monday: date, now: datetime) -> None:
    """Write which value counts, once; the draws follow at once."""
    uow.witnesses.lock(monday)
    if value_decided_at(uow, monday) is not None:
        return
    found = found_now(uow, monday, now)
    if not isinstance(found, Standing):
        return
    body: dict[str, object] = {
        "monday": iso(monday),
        "day": found.day,
        "value": found.value,
        "because": list(found.because),
    }
    append_once(uow, Kind.VALUE_STANDS, body, now)
    uow.clockwork.mark_done(value_decided_mark(monday), now)
    uow.publish("draws")


def enter_word(
    uow: UnitOfWork, monday: date, day: date, party: str, value: str, sig: str, now: datetime
) -> int:
    """One party's word on the value of a day; returns its number in the log, also when the same
    is sent again. Whose word it is has been checked.

    Raises Invalid `late_value_form`; Denied `monday_unknown`, `late_value_day` for a day that
    decides nothing, `late_value_early`, `late_value_late` and `late_value_stands`.
    """
    uow.witnesses.lock(monday)
    if not uow.draw_figures.of(monday):
        raise Denied("monday_unknown")
    week = week_of(uow, monday)
    if not is_of_form(source_of(week.body), value):
        raise Invalid("late_value_form", field="value")
    closed = closed_at(uow, monday)
    if closed is None:
        raise Denied("late_value_early")
    if value_decided_at(uow, monday) is not None:
        raise Denied("late_value_stands")
    if day not in counted_days(week, closed):
        raise Denied("late_value_day")
    if now < week.value_from(day):
        raise Denied("late_value_early")
    if now >= week.value_until(day):
        raise Denied("late_value_late")
    before = last_words(typed_words(uow, monday), iso(day)).get(party)
    if before is not None and before.value == value:
        return before.seq
    body: dict[str, object] = {
        "monday": iso(monday),
        "day": iso(day),
        "party": party,
        "value": value,
        "sig": sig,
    }
    new = uow.log.append(Kind.VALUE, body, now)
    if instant(new.at) >= week.value_until(day):
        raise Denied("late_value_late")  # by its entry the hours were over, and all go by that
    uow.publish("draws")
    return new.seq


def read_value(kind: Source, text: str) -> str:
    """What somebody copies from a newspaper, as the log has it: Persian digits and separators of
    thousands are only how it is printed.

    Raises Invalid `late_value_missing`, `late_value_decimals`, `late_value_dice` and
    `late_value_form`.
    """
    plain = ascii_digits(text.strip())
    if not plain:
        raise Invalid("late_value_missing", field="value")
    if kind is Source.PUBLISHED and any(sign in _FRACTION for sign in plain):
        raise Invalid("late_value_decimals", field="value")
    groups = _GROUPING.split(plain)
    if kind is Source.PUBLISHED and not _are_thousands(groups):
        raise Invalid("late_value_form", field="value")
    digits = "".join(groups)
    if not is_of_form(kind, digits) or digits == NO_VALUE:
        is_dice = kind is Source.DICE
        raise Invalid("late_value_dice" if is_dice else "late_value_form", field="value")
    return digits


def _are_thousands(groups: list[str]) -> bool:
    """Separators only where thousands are parted: a comma may be meant for a decimal point."""
    first, *others = groups
    return not others or (0 < len(first) <= _THREE and all(len(one) == _THREE for one in others))


@dataclass(frozen=True, slots=True)
class Word:
    """What one party entered for the day; empty while it has not. `none` where nothing was
    published."""

    party: str
    value: str


@dataclass(frozen=True, slots=True)
class ValueDesk:
    """What the city's administrator sees: the Monday whose value is awaited, and who entered
    what."""

    monday: date
    kind: Source
    source: str
    closed_at: datetime | None
    """When the sealed values were opened and closed; no value counts before."""
    day: date | None
    """The day whose value may be entered now, or comes next."""
    opens_at: datetime | None
    until: datetime | None
    words: tuple[Word, ...]
    standing: Standing | None


@usecase(Role.ADMINISTRATOR)
def value_desk(
    uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime
) -> ValueDesk | None:
    """The next Monday that is not over or not drawn yet, else the newest; None in a city without
    draws."""
    known, today = uow.draw_figures.mondays(_UNDER_WAY), tehran_day(now)
    ahead = {
        *(pending.monday for pending in uow.draws.pending()),
        *(day for day in known if day >= today),
    }
    monday = min(ahead, default=next(iter(known), None))
    if monday is None:
        return None
    week = week_of(uow, monday)
    closed, written = closed_at(uow, monday), standing_of(uow, monday)
    day = _day_now(uow, monday, now)
    words = last_words(typed_words(uow, monday), iso(day)) if day else {}
    parties = [CITY, *sorted(parties_of(week.body) | words.keys() - {CITY})]
    return ValueDesk(
        monday=monday,
        kind=source_of(week.body),
        source=str(week.body["late_value"]["source"]),
        closed_at=closed,
        day=day,
        opens_at=week.value_from(day) if day else None,
        until=week.value_until(day) if day else None,
        words=tuple(Word(party, words[party].value if party in words else "") for party in parties),
        standing=written[1] if written else None,
    )


def _day_now(uow: UnitOfWork, monday: date, now: datetime) -> date | None:
    written = standing_of(uow, monday)
    if written is not None:
        return from_iso(written[1].day)
    found = found_now(uow, monday, now)
    if isinstance(found, Awaited):
        return found.day
    return week_of(uow, monday).value_days[0] if found is None else None


class EnterValue(Command):
    """`monday` and `day` as in the log, `1405-09-11`; `value` as it is printed, `none` where the
    source published nothing that day."""

    monday: str
    day: str
    value: str = ""


@usecase(Role.ADMINISTRATOR)
def preview_value(uow: UnitOfWork, _actor: Actor, command: EnterValue, _now: datetime) -> str:
    """What would be written, read as `enter_value` reads it; nothing is written."""
    monday, _ = _days(command)
    return _read(uow, monday, command.value)


@usecase(Role.ADMINISTRATOR)
def enter_value(uow: UnitOfWork, _actor: Actor, command: EnterValue, now: datetime) -> str:
    """The city's own word on the value of a day; until it is decided, the last word counts.

    Raises what `read_value` and `enter_word` raise.
    """
    monday, day = _days(command)
    value = _read(uow, monday, command.value)
    enter_word(uow, monday, day, CITY, value, "", now)
    return value


def _read(uow: UnitOfWork, monday: date, text: str) -> str:
    if text.strip() == NO_VALUE:
        return NO_VALUE
    if not uow.draw_figures.of(monday):
        raise Denied("monday_unknown")
    return read_value(source_of(week_of(uow, monday).body), text)


def _days(command: EnterValue) -> tuple[date, date]:
    try:
        return from_iso(command.monday), from_iso(command.day)
    except ValueError:
        raise Denied("monday_unknown") from None
