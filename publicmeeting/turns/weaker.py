"""What a next version of the rules changes of the draw itself: one person alone announces none.

Another set of witnesses, another value, another quota, and every other time of the week or of
offers keep each order and each least length, and still decide who could cheat. Where a time lies
matters as much as how long a part is, and versions of a minute each add up, so no change of these
is too small, and more time is a change as well (docs/turns.md 2).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from publicmeeting.kit.hashing import canonical_json
from publicmeeting.turns.least import Part, lengths
from publicmeeting.turns.week import LATE_VALUE


class Weaker(StrEnum):
    """In which way; the word of `text`."""

    WITNESSES = "witnesses"
    """Not the same ones by the same keys, names and addresses: whoever adds one of his own, also
    as the first, later dismisses the others by its word; and at another address nobody of hers is
    asked to sign."""
    LATE_VALUE = "late_value"
    """Anything of the value nobody knows before, also when somebody may begin to know it."""
    LANES = "lanes"
    """More seats of a day go by the word of officers, before the line."""
    FEWER_LANES = "fewer_lanes"
    """Whoever was granted one waits in the line after all."""
    OFFERS = "offers"
    """Fewer hours to answer an offer."""
    FILING = Part.FILING.value
    OBJECTIONS = Part.OBJECTIONS.value
    REVEALS = Part.REVEALS.value
    VALUE = Part.VALUE.value
    ANSWER = Part.ANSWER.value
    STANDBY = Part.STANDBY.value
    OFFERS_DAY = "offers_day"
    """A shorter day in which the hours of an offer count."""
    TIMES = "times"
    """Of the week or of offers, and nothing is shorter."""


_PARTS: Mapping[Part, Weaker] = {
    **{part: Weaker(part.value) for part in Part if part not in {Part.OFFERS, Part.MEETING}},
    Part.OFFERS: Weaker.OFFERS_DAY,
}
"""Without the minutes of a meeting, which decide nothing of the draw: seats are start times."""
_TIMES = ("week", "offers")


def weaker(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Weaker, ...]:
    """All ways in which a version changes the draw, in their order; both are as `read_rules` has
    them."""
    found = set(_found(before, after))
    return tuple(one for one in Weaker if one in found)


def has_witnesses(body: Mapping[str, Any]) -> bool:
    """Whether somebody outside the city can sign that it knows of a next version."""
    return bool(body.get("witnesses"))


def _found(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Weaker]:
    def differs(key: str) -> bool:
        return canonical_json(before[key]) != canonical_json(after[key])

    quotas = before["lanes"]
    is_more = any(quota > quotas.get(name, 0) for name, quota in after["lanes"].items())
    longer, shorter = lengths(before), lengths(after)
    less = {_PARTS[part]: shorter[part] < longer[part] for part in _PARTS}
    less[Weaker.OFFERS] = after["offers"]["hours"] < before["offers"]["hours"]
    ways = less | {
        Weaker.WITNESSES: _witnesses(before) != _witnesses(after),
        Weaker.LATE_VALUE: differs(LATE_VALUE),
        Weaker.LANES: is_more,
        Weaker.FEWER_LANES: differs("lanes") and not is_more,
        Weaker.TIMES: any(map(differs, _TIMES)) and not any(less.values()),
    }
    return [way for way, is_changed in ways.items() if is_changed]


def _witnesses(body: Mapping[str, Any]) -> set[str]:
    return {canonical_json(one) for one in body.get("witnesses", ())}
