"""The late value, unknown to all when the lists were fixed: its days, and which entry stands.

A source outside the city publishes it, or ten dice show it, after everything else is in the log. A
party that enters it wrongly, or not at all, must not be able to choose between known results
(docs/turns.md section 2).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from publicmeeting.domain.errors import Invalid
from publicmeeting.kit.jalali import iso
from publicmeeting.turns import shape
from publicmeeting.turns.kinds import NO_VALUE, is_value
from publicmeeting.turns.rules.week import LATE_VALUE, Week


class Source(StrEnum):
    """Source of the late value."""

    PUBLISHED = "published"
    """The integer part of a figure that others print."""
    DICE = "dice"
    """Ten dice rolled on camera."""


DICE = 10
_HALVES = 2
_DICE = re.compile(rf"[1-6]{{{DICE}}}")
_FORM = {Source.PUBLISHED: "integer", Source.DICE: "dice"}
_SOURCE = re.compile(r"[\x21-\x7e]{1,80}")


def check_late_value(body: Mapping[str, Any]) -> None:
    """Check the part of the rules on the late value; Invalid `rules_malformed` with the field."""
    late = body.get(LATE_VALUE)
    if not isinstance(late, Mapping):
        raise Invalid("rules_malformed", field=LATE_VALUE)
    kind, source = late.get("kind"), late.get("source")
    if kind not in set(Source):
        raise Invalid("rules_malformed", field=f"{LATE_VALUE}.kind")
    if not isinstance(source, str) or _SOURCE.fullmatch(source) is None:
        raise Invalid("rules_malformed", field=f"{LATE_VALUE}.source")
    if late.get("form") != _FORM[Source(kind)]:
        raise Invalid("rules_malformed", field=f"{LATE_VALUE}.form")
    if not shape.is_start(late.get("session")):
        raise Invalid("rules_malformed", field=f"{LATE_VALUE}.session")


def form_word(kind: Source) -> str:
    """Return the name of the value's form in the rules."""
    return _FORM[kind]


def source_of(body: Mapping[str, Any]) -> Source:
    """Return the kind of late value in a Monday's rules."""
    return Source(body[LATE_VALUE]["kind"])


def is_of_form(kind: Source, value: str) -> bool:
    """Whether a party may enter this value; `none` if the source published nothing that day."""
    if value == NO_VALUE:
        return True
    return _DICE.fullmatch(value) is not None if kind is Source.DICE else is_value(value)


def parties_of(body: Mapping[str, Any]) -> frozenset[str]:
    """Return the parties of the witnesses that a Monday's rules name."""
    return frozenset(str(witness["party"]) for witness in body.get("witnesses", ()))


@dataclass(frozen=True, slots=True)
class Typed:
    """One `value` entry of the log; `day` is as written there, `1405-09-11`."""

    seq: int
    day: str
    party: str
    value: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The value that decides the draws of a Monday, and the entries it follows from."""

    day: str
    value: str
    because: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Awaited:
    """No value stands yet: the day whose value may be entered, and when the clock checks again."""

    day: date
    until: datetime


def counted_days(week: Week, closed_at: datetime) -> tuple[date, ...]:
    """Return the days whose session begins after the reveals closed, as nobody knew their value."""
    return tuple(day for day in week.value_days if week.session_at(day) > closed_at)


def last_words(typed: Iterable[Typed], day: str) -> dict[str, Typed]:
    """Return party → its last entry for a day; a later entry corrects a typing error."""
    return {entry.party: entry for entry in typed if entry.day == day}


def settle(
    week: Week,
    closed: tuple[int, datetime],
    typed: Sequence[Typed],
    now: datetime,
    *,
    has_seats: bool = True,
) -> Standing | Awaited:
    """Return the value that stands now, or what is awaited.

    `closed` is number and time of `reveals_closed`; `typed` is in log order. A value stands at once
    if a quorum of the witnesses entered the same. Otherwise, when the hours of a day are over, it
    stands if all entered the same. Else the next day counts, and after the last one `none` stands.
    If no district has a seat, `none` stands at once.
    """
    seq, closed_at = closed
    if not has_seats:
        return Standing(iso(week.value_days[0]), NO_VALUE, (seq,))
    for day in counted_days(week, closed_at):
        words = last_words(typed, iso(day))
        agreed = _quorum(words, parties_of(week.body))
        if agreed and agreed[0].value == NO_VALUE:
            continue
        if not agreed and now < week.value_until(day):
            return Awaited(day, week.value_until(day))
        equal_words = agreed or _if_all_equal(words)
        if equal_words and equal_words[0].value != NO_VALUE:
            because = tuple(sorted(entry.seq for entry in equal_words))
            return Standing(iso(day), equal_words[0].value, because)
    last = (counted_days(week, closed_at) or week.value_days)[-1]
    return _none(iso(last), list(last_words(typed, iso(last)).values()), seq)


def _none(day: str, words: list[Typed], closed: int) -> Standing:
    """Return `none` as the standing value, with its causes.

    These are the entries of `none` on the last day, else all entries of that day, else the closing
    of the reveals.
    """
    because = [word for word in words if word.value == NO_VALUE] or words
    return Standing(day, NO_VALUE, tuple(sorted(typed.seq for typed in because)) or (closed,))


def _quorum(words: Mapping[str, Typed], witnesses: frozenset[str]) -> list[Typed]:
    """Return all entries of the value that a quorum of the witnesses entered; empty without one.

    Two values can never both have a quorum.
    """
    counted = Counter(word.value for party, word in words.items() if party in witnesses)
    value, count = max(counted.items(), key=lambda pair: pair[1], default=("", 0))
    is_enough = count >= len(witnesses) // _HALVES + 1
    return [word for word in words.values() if word.value == value] if is_enough else []


def _if_all_equal(words: Mapping[str, Typed]) -> list[Typed]:
    """Return all entries if their values are equal, else none; one entry is enough."""
    return list(words.values()) if len({word.value for word in words.values()}) == 1 else []
