"""Which rules an administrator may announce, and the ones the city starts with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from publicmeeting.domain.errors import Invalid
from publicmeeting.kit.clock import at_tehran
from publicmeeting.turns import shape
from publicmeeting.turns.note import Key, NoteError
from publicmeeting.turns.pool import ANY, GENERAL, Rules
from publicmeeting.turns.week import FREEZE_TO_DRAW, Week, offer_hours

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
        "dice": {"days_before": 5, "at": "11:30"},
        "draw": {"days_before": 5, "at": "12:00"},
        "draw_latest": {"days_before": 5, "at": "12:30"},
        "postponed_draw": {"days_before": 4, "at": "12:00"},
        "answer_by": {"days_before": 2, "at": "20:00"},
        "standby_until": {"days_before": 1, "at": "20:00"},
    },
    "offers": {"hours": 2, "from": "08:00", "until": "20:00"},
}

_SOME_MONDAY = date(2026, 11, 30)

MOMENTS = tuple(DEFAULT_RULES["week"])
"""The times of a week, in their order."""


LOG_KEYS = 2
"""A daily key and a reserve."""


@dataclass(frozen=True, slots=True)
class Announced:
    """One version of the rules, from which Monday it holds and when everybody could read it."""

    rules: Rules
    from_on: date
    announced_at: datetime


def check_rules(body: object) -> Rules:
    """The rules, when a whole week can run under them.

    Stricter than reading a published file: the week's times must follow one another as they are
    meant to, after the Monday before and until this one, with time to look at the frozen pool.
    Invalid `rules_malformed`, `rules_out_of_order` or `rules_draw_too_soon`, with the field.
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
    if not isinstance(rules.body.get("dice", False), bool):
        raise Invalid("rules_malformed", field="dice")
    _require_log(rules.body.get("log"))
    _require_order(Week(_SOME_MONDAY, rules.body))
    hours, opens, closes = offer_hours(rules.body)
    if not hours or opens >= closes:
        raise Invalid("rules_out_of_order", field="offers")
    return rules


def _require_log(log: object) -> None:
    """The log's name and the city's keys, a daily one and perhaps a reserve, all of that name."""
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


def rolls_dice(body: Mapping[str, Any]) -> bool:
    """Whether the rules of a Monday announce ten dice for its draws; their time is `week.dice`."""
    return body.get("dice") is True


def _require_order(week: Week) -> None:
    moments = [(name, week.at(name)) for name in MOMENTS]
    for (_, before), (name, after) in pairwise(moments):
        if after <= before:
            raise Invalid("rules_out_of_order", field=f"week.{name}")
    # Whoever met, or was missed, on the Monday before is in this line or out of it by then.
    if week.freeze_at < at_tehran(week.monday - timedelta(weeks=1), "24:00"):
        raise Invalid("rules_out_of_order", field="week.freeze")
    if week.draw_at < week.freeze_at + FREEZE_TO_DRAW:
        raise Invalid("rules_draw_too_soon", field="week.draw")
    if week.standby_until > at_tehran(week.monday):
        raise Invalid("rules_out_of_order", field="week.standby_until")
