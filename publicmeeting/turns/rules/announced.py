"""The rules that an administrator may announce, and the default rules of a new city."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from publicmeeting.domain.errors import Invalid
from publicmeeting.kit.clock import at_tehran
from publicmeeting.turns import shape
from publicmeeting.turns.pool import ANY, GENERAL, Rules
from publicmeeting.turns.rules.late_value import Source, check_late_value
from publicmeeting.turns.rules.weaker import Long, Part, too_long, too_short
from publicmeeting.turns.rules.week import (
    DAYS_BEFORE,
    FREEZE_TO_VALUE,
    Week,
    is_in_range,
    offer_hours,
)
from publicmeeting.turns.rules.witness import check_witnesses
from publicmeeting.turns.tree.note import Key, NoteError

DEFAULT_RULES: Mapping[str, Any] = {
    "version": 1,
    "lanes": {"access": 1, "urgent": 1},
    "windows": {"early": ["00:00", "11:00"], "late": ["11:00", "24:00"]},
    "slot_minutes": 15,
    "week": {
        "opens": {"days_before": 21, "at": "00:00"},
        "filing_closes": {"days_before": 9, "at": "24:00"},
        "freeze": {"days_before": 6, "at": "12:00"},
        "objections_until": {"days_before": 6, "at": "20:00"},
        "reveals_from": {"days_before": 6, "at": "20:00"},
        "reveals_until": {"days_before": 6, "at": "22:00"},
        "value_from": {"at": "14:00"},
        "value_until": {"at": "20:00"},
        "answer_by": {"days_before": 2, "at": "20:00"},
        "standby_until": {"days_before": 1, "at": "20:00"},
    },
    "late_value": {
        "kind": "published",
        "source": "tsetmc.com",
        "form": "integer",
        "days": ["wed", "sat", "sun"],
        "session": "09:00",
    },
    "offers": {"hours": 2, "from": "08:00", "until": "20:00"},
}

_SOME_MONDAY = date(2026, 11, 30)

MOMENTS = tuple(DEFAULT_RULES["week"])
"""Names of the moments of a week, in chronological order."""

DAILY = ("value_from", "value_until")
"""Moments that occur on each day of the late value; they have no `days_before`."""


LOG_KEYS = 2
"""Maximum number of the city's keys: a daily one and a reserve."""


_SHORT: Mapping[Part, tuple[str, str]] = {
    Part.FILING: ("rules_short_filing", "week.opens"),
    Part.OBJECTIONS: ("rules_short_objections", "week.objections_until"),
    Part.REVEALS: ("rules_short_reveals", "week.reveals_until"),
    Part.VALUE: ("rules_short_value", "week.value_until"),
    Part.ANSWER: ("rules_short_answer", "week.answer_by"),
    Part.STANDBY: ("rules_short_standby", "week.standby_until"),
    Part.OFFERS: ("rules_short_offers", "offers.until"),
    Part.MEETING: ("rules_short_meeting", "slot_minutes"),
}
_LONG: Mapping[Long, tuple[str, str]] = {
    Long.OPENS: ("rules_long_opens", "week.opens"),
    Long.OFFERS: ("rules_long_offers", "offers.hours"),
    Long.MEETING: ("rules_long_meeting", "slot_minutes"),
}
"""Key of the refusal, and the field it belongs to."""


@dataclass(frozen=True, slots=True)
class Announced:
    """One version of the rules, the first Monday it holds for, and when it became public."""

    rules: Rules
    from_on: date
    announced_at: datetime


def read_rules(body: object) -> Rules:
    """Parse rules in the form that every announced version has and every auditor reads alike.

    The database owner can announce anything. If an auditor could not parse a part of the rules, it
    could not decide whether the version is weaker than the one before. Raises Invalid
    `rules_malformed` with the field.
    """
    rules = Rules.from_body(body)
    if not _is_plain(rules.body):
        raise Invalid("rules_malformed")
    for field, is_right in _FORMS.items():
        if not is_right(rules.body.get(field)):
            raise Invalid("rules_malformed", field=field)
    return rules


def _is_plain(value: object) -> bool:
    """Whether the value consists of texts and counts only: all languages parse these alike."""
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    return all(map(_is_plain, value)) if isinstance(value, list) else _is_text_or_count(value)


def _is_text_or_count(value: object) -> bool:
    return isinstance(value, str) or shape.is_count(value)


def _has(**forms: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return a check that a mapping has these keys; a trailing `_` is not part of the key."""
    named = {key.rstrip("_"): is_right for key, is_right in forms.items()}
    return lambda value: (
        isinstance(value, dict) and all(is_right(value.get(key)) for key, is_right in named.items())
    )


def _list_of(is_right: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(is_right, value))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_key(value: object) -> bool:
    if not isinstance(value, str) or _VISIBLE.fullmatch(value) is None:
        return False
    try:
        Key.read(value)
    except NoteError:
        return False
    return True


def _are_days(value: object) -> bool:
    """Whether it is a non-empty list of days in chronological order before the Monday."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        return False
    before = [DAYS_BEFORE.get(name, 0) for name in value]
    falls = all(one > then for one, then in pairwise(before))
    return bool(before) and all(before) and falls


_VISIBLE = re.compile("[!-~]+")
_IN_A_DAY = _has(at=shape.is_border)
_IN_A_WEEK = _has(days_before=is_in_range, at=shape.is_border)
_FORMS: Mapping[str, Callable[[Any], bool]] = {
    "slot_minutes": is_in_range,
    "offers": _has(hours=is_in_range, from_=shape.is_start, until=shape.is_border),
    "week": _has(**{name: _IN_A_DAY if name in DAILY else _IN_A_WEEK for name in MOMENTS}),
    "log": _has(origin=_is_text, keys=_list_of(_is_key)),
    "witnesses": _list_of(_has(party=shape.is_party, org=_is_text, vkey=_is_key, url=_is_text)),
    "late_value": _has(
        kind=lambda value: _is_text(value) and value in set(Source),
        days=_are_days,
        session=shape.is_start,
    ),
}


def check_rules(body: object) -> Rules:
    """Parse the rules and check that a whole week can run under them.

    This is stricter than reading a published file. The moments of the week must be in order, after
    the Monday before and until this one, with time to look at the frozen pool. Raises Invalid
    `rules_malformed`, `rules_out_of_order`, `rules_draw_too_soon`, `rules_short_…` or
    `rules_long_…` with the field, or what `check_witnesses` raises.
    """
    rules = Rules.from_body(body)
    for field, names, reserved in (
        ("lanes", rules.lanes, GENERAL),
        ("windows", rules.windows, ANY),
    ):
        if reserved in names:
            raise Invalid("rules_malformed", field=field)
    if any(start >= end for start, end in rules.windows.values()):
        raise Invalid("rules_out_of_order", field="windows")
    if not shape.is_count(rules.body.get("slot_minutes")) or not rules.body["slot_minutes"]:
        raise Invalid("rules_malformed", field="slot_minutes")
    _require_log(rules.body.get("log"))
    check_late_value(rules.body)
    check_witnesses(rules.body)
    _require_order(Week(_SOME_MONDAY, rules.body))
    hours, opens, closes = offer_hours(rules.body)
    if not hours or opens >= closes:
        raise Invalid("rules_out_of_order", field="offers")
    short = too_short(rules.body)
    if short is not None:
        key, field = _SHORT[short]
        raise Invalid(key, field=field)
    long = too_long(rules.body)
    if long is not None:
        key, field = _LONG[long]
        raise Invalid(key, field=field)
    return rules


def _require_log(log: object) -> None:
    """Check the log's name and the city's keys of that name: a daily one, perhaps a reserve."""
    match log:
        case None:  # rules that are not announced yet
            return
        case {"origin": str(origin), "keys": [_, *_] as keys, **more} if (
            not more and len(keys) <= LOG_KEYS
        ):
            try:
                names = {Key.read(key).name for key in keys}
            except (NoteError, TypeError):
                names = set()
            if names == {origin} and len(set(keys)) == len(keys):
                return
    raise Invalid("rules_malformed", field="log")


def _require_order(week: Week) -> None:
    days = week.value_days
    moments = [(name, week.at(name)) for name in MOMENTS if name not in DAILY]
    for (_, before), (name, after) in pairwise(moments):
        # The sealed values are opened as soon as the lists can no longer change.
        if after < before or (after == before and name != "reveals_from"):
            raise Invalid("rules_out_of_order", field=f"week.{name}")
    if not week.session_at(days[0]) <= week.value_from(days[0]) < week.value_until(days[0]):
        raise Invalid("rules_out_of_order", field="week.value_from")
    # By then it is settled who of the Monday before is in this line: who was met and who missed.
    if week.freeze_at < at_tehran(week.monday - timedelta(weeks=1), "24:00"):
        raise Invalid("rules_out_of_order", field="week.freeze")
    if week.session_at(days[0]) <= week.reveals_until:
        raise Invalid("rules_out_of_order", field="week.reveals_until")
    if week.session_at(days[0]) < week.freeze_at + FREEZE_TO_VALUE:
        raise Invalid("rules_draw_too_soon", field="week.freeze")
    if week.answer_by <= week.draw_by:
        raise Invalid("rules_out_of_order", field="week.answer_by")
    if week.standby_until > at_tehran(week.monday):
        raise Invalid("rules_out_of_order", field="week.standby_until")
    if week.value_until(days[-1]) > week.standby_until:
        raise Invalid("rules_out_of_order", field="late_value.days")
