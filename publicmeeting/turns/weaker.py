"""What a next version of the rules takes from whoever holds the draw: one person alone announces
none of it.

Another set of witnesses, another kind of value, more places outside the line, or less time, keep
every order and every least length, and still decide who could cheat (docs/turns.md 2).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from publicmeeting.turns.least import Part, lengths
from publicmeeting.turns.week import LATE_VALUE


class Weaker(StrEnum):
    """In which way; the word of `text`."""

    WITNESSES = "witnesses"
    """Not the same ones by the same keys: whoever adds one of his own, later dismisses the others
    by its word. The first ones of a city that had none take nothing from anybody."""
    LATE_VALUE = "late_value"
    """Another source, kind, form or other days of the value nobody knows before."""
    LANES = "lanes"
    """More seats of a day go by the word of officers, before the line."""
    OFFERS = "offers"
    """Fewer hours to answer an offer."""
    FILING = Part.FILING.value
    OBJECTIONS = Part.OBJECTIONS.value
    REVEALS = Part.REVEALS.value
    VALUE = Part.VALUE.value
    ANSWER = Part.ANSWER.value
    OFFERS_DAY = "offers_day"
    """A shorter day in which the hours of an offer count."""


_PARTS: Mapping[Part, Weaker] = {
    **{part: Weaker(part.value) for part in Part if part is not Part.OFFERS},
    Part.OFFERS: Weaker.OFFERS_DAY,
}
_VALUE_KEYS = ("kind", "source", "form", "days")


def weaker(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Weaker, ...]:
    """All ways in which a version is weaker than the one before it, in their order; none where one
    of them does not say what every version says, which is another fault."""
    try:
        found = set(_found(before, after))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return ()
    return tuple(one for one in Weaker if one in found)


def has_witnesses(body: Mapping[str, Any]) -> bool:
    """Whether somebody outside the city can sign that it knows of a next version."""
    return bool(body.get("witnesses"))


def _found(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Weaker]:
    was, now = _witnesses(before), _witnesses(after)
    ways = {
        Weaker.WITNESSES: bool(was) and was != now,
        Weaker.LATE_VALUE: any(
            before[LATE_VALUE].get(key) != after[LATE_VALUE].get(key) for key in _VALUE_KEYS
        ),
        Weaker.LANES: any(
            quota > before["lanes"].get(name, 0) for name, quota in after["lanes"].items()
        ),
        Weaker.OFFERS: after["offers"]["hours"] < before["offers"]["hours"],
    }
    longer, shorter = lengths(before), lengths(after)
    ways |= {_PARTS[part]: shorter[part] < longer[part] for part in Part}
    return [way for way, is_weaker in ways.items() if is_weaker]


def _witnesses(body: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(one["party"], one["vkey"]) for one in body.get("witnesses", ())}
