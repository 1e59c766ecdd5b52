"""Which rules an administrator may announce, and the ones the city starts with."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from publicmeeting.domain.errors import Invalid
from publicmeeting.turns import shape
from publicmeeting.turns.pool import ANY, GENERAL, Rules
from publicmeeting.turns.week import Week, offer_hours

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


def announceable(body: object) -> Rules:
    """The rules, when a whole week can run under them.

    Stricter than reading a published file: the week's times must follow one another as they are
    meant to. Invalid("rules_malformed") or Invalid("rules_out_of_order"), with the field.
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
    _require_order(Week(_SOME_MONDAY, rules.body))
    hours, opens, closes = offer_hours(rules.body)
    if not hours or opens >= closes:
        raise Invalid("rules_out_of_order", field="offers")
    return rules


def rolls_dice(body: Mapping[str, Any]) -> bool:
    """Whether the rules of a Monday announce ten dice for its draws; their time is `week.dice`."""
    return body.get("dice") is True


def _require_order(week: Week) -> None:
    moments = (
        ("opens", week.opens_at),
        ("filing_closes", week.filing_closes_at),
        ("freeze", week.freeze_at),
        ("objections_until", week.objections_until),
        ("dice", week.dice_at),
        ("draw", week.draw_at),
        ("draw_latest", week.draw_latest_at),
        ("postponed_draw", week.postponed_draw_at),
        ("answer_by", week.answer_by),
        ("standby_until", week.standby_until),
    )
    for (_, before), (name, after) in pairwise(moments):
        if after <= before:
            raise Invalid("rules_out_of_order", field=f"week.{name}")
