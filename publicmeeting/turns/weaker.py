"""Find what a new version of the rules changes about the draw; such a version needs two officers.

Other witnesses, another late value, other quotas and other times of the week or of offers can
respect every order and every minimum length and still decide who could cheat. The position of a
moment matters as much as the length of a part, and many versions of one minute each add up. So no
such change is too small, and more time is a change too (docs/turns.md section 2).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from publicmeeting.kit.hashing import canonical_json
from publicmeeting.turns.least import Part, lengths
from publicmeeting.turns.week import LATE_VALUE


class Weaker(StrEnum):
    """A way in which rules are weaker; `text` has a word for each."""

    WITNESSES = "witnesses"
    """Not the same witnesses with the same keys, names and addresses.

    An added witness, even the first, could later dismiss the others by its signature. At another
    address the real witness is not asked to sign.
    """
    LATE_VALUE = "late_value"
    """Any change of the late value, including when somebody may first know it."""
    LANES = "lanes"
    """More seats of a day are assigned by officers' decisions, before the line."""
    FEWER_LANES = "fewer_lanes"
    """A citizen who was granted a lane waits in the line after all."""
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
    """Other times of the week or of offers, with no part shorter."""


_PARTS: Mapping[Part, Weaker] = {
    **{part: Weaker(part.value) for part in Part if part not in {Part.OFFERS, Part.MEETING}},
    Part.OFFERS: Weaker.OFFERS_DAY,
}
"""Without the minutes of a meeting, which do not affect the draw: seats are start times."""
_TIMES = ("week", "offers")


def weaker(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Weaker, ...]:
    """Return all ways in which a version changes the draw, in order of `Weaker`.

    Both bodies must have been accepted by `read_rules`.
    """
    found = set(_found(before, after))
    return tuple(one for one in Weaker if one in found)


def has_witnesses(body: Mapping[str, Any]) -> bool:
    """Whether somebody outside the city can sign a proposed version."""
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
