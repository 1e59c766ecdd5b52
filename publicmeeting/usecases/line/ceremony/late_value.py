"""The late value on Wednesday: who enters it, and which entry counts from when.

A source outside the city publishes the value; witnesses and the city type what it printed. The
clock computes what counts from the entries of the log alone (docs/turns.md 2).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.officials.audit import OfficeAct
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.kit.jalali import from_iso, iso
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.kinds import NO_VALUE, Kind
from publicmeeting.turns.log import instant
from publicmeeting.turns.rules.late_value import (
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
from publicmeeting.usecases.base import Command, Nothing, usecase
from publicmeeting.usecases.lifecycle.weeks import week_of
from publicmeeting.usecases.line.ceremony.reveals import closed_at, logged_week
from publicmeeting.usecases.pressed_again import append_once

_GROUPING = re.compile("[٬،,'\\s\u200c]")
_THREE = 3
_UNDER_WAY = 4
"""How many Mondays to search; a Monday opens three weeks ahead."""
_FRACTION = frozenset("٫./")


def typed_words(uow: UnitOfWork, monday: date) -> list[Typed]:
    """Return all `value` entries of a Monday that count, in the order of the log."""
    week = logged_week(uow, monday)
    return [
        Typed(entry.seq, entry.text("day"), entry.text("party"), entry.text("value"))
        for entry in (week.typed if week else ())
    ]


def standing_of(uow: UnitOfWork, monday: date) -> tuple[int, Standing] | None:
    """Return the `value_stands` entry of a Monday and its number; None before it is written."""
    week = logged_week(uow, monday)
    if week is None or week.stands is None:
        return None
    stands = week.stands
    return stands.seq, Standing(stands.text("day"), stands.text("value"), tuple(stands.because))


def value_decided_mark(monday: date) -> str:
    return f"value-stands/{monday}"


def value_decided_at(uow: UnitOfWork, monday: date) -> datetime | None:
    """Return when the log recorded which value counts; None before."""
    return uow.clockwork.done_at(value_decided_mark(monday))


def found_now(uow: UnitOfWork, monday: date, now: datetime) -> Standing | Awaited | None:
    """Return what the entries so far decide; None before the reveals are closed."""
    closed, logged = closed_at(uow, monday), logged_week(uow, monday)
    if closed is None or logged is None or not logged.closed:
        return None
    return settle(
        week_of(uow, monday),
        (logged.closed, closed),
        typed_words(uow, monday),
        now,
        has_seats=logged.has_seats,
    )


def value_due_at(uow: UnitOfWork, monday: date, now: datetime) -> datetime | None:
    """Return when the clock logs what counts, as known now; None if logged or not known yet.

    `now` means that the clock can write it immediately.
    """
    if value_decided_at(uow, monday) is not None:
        return None
    found = found_now(uow, monday, now)
    if found is None:
        return None
    return now if isinstance(found, Standing) else found.until


def write_standing(uow: UnitOfWork, monday: date, now: datetime) -> None:
    """Log which value counts, once; the draws follow immediately."""
    uow.witnesses.lock(monday)
    if value_decided_at(uow, monday) is not None:
        return
    week = logged_week(uow, monday)
    if week is not None and week.stands is not None:  # only the mark is gone
        uow.clockwork.mark_done(value_decided_mark(monday), week.stands.at)
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
    """Log one party's value of a day; return the number of the entry.

    Sending the same value again returns the number of the first entry. The caller has checked the
    signature.

    Raises Invalid("late_value_form"); Denied("monday_unknown"), Denied("late_value_day") for a day
    that decides nothing, `late_value_early`, `late_value_late` and `late_value_stands`.
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
    if standing_of(uow, monday) is not None:
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
        # The log dates it after the deadline, and everybody counts by the log
        raise Denied("late_value_late")
    uow.publish("draws")
    return new.seq


def read_value(kind: Source, text: str) -> str:
    """Return a value copied from a newspaper in the form of the log.

    Persian digits and thousands separators are removed as matters of print. Raises Invalid
    `late_value_missing`, `late_value_decimals`, `late_value_dice` and `late_value_form`.
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
    """Return whether separators stand only between thousands; a comma may mean a decimal point."""
    first, *others = groups
    return not others or (0 < len(first) <= _THREE and all(len(one) == _THREE for one in others))


@dataclass(frozen=True, slots=True)
class Word:
    """What one party entered for the day; empty until it has, `none` if nothing was published."""

    party: str
    value: str


@dataclass(frozen=True, slots=True)
class ValueDesk:
    """The page of the city's administrator: the Monday whose value is due, and who entered what."""

    monday: date
    kind: Source
    source: str
    closed_at: datetime | None
    """When the reveals were closed; no value counts before."""
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
    """Return the next Monday that is not over or not drawn, else the newest one.

    None in a city without draws.
    """
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
    """A value to enter. `monday` and `day` are written as in the log, `1405-09-11`.

    `value` is the value as printed, or `none` if the source published nothing on that day.
    """

    monday: str
    day: str
    value: str = ""


@usecase(Role.ADMINISTRATOR)
def preview_value(uow: UnitOfWork, _actor: Actor, command: EnterValue, _now: datetime) -> str:
    """Return what `enter_value` would write, without writing it."""
    monday, _ = _days(command)
    return _read(uow, monday, command.value)


@usecase(Role.ADMINISTRATOR)
def enter_value(uow: UnitOfWork, actor: Actor, command: EnterValue, now: datetime) -> str:
    """Enter the city's own value of a day; until it is decided, the last entry counts.

    Raises the errors of `read_value` and `enter_word`.
    """
    monday, day = _days(command)
    value = _read(uow, monday, command.value)
    enter_word(uow, monday, day, CITY, value, "", now)
    uow.account_events.add_act(OfficeAct.VALUE_ENTERED, actor.account_id, monday)
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
