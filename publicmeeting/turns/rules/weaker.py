"""Rules that take something away: parts of the week that are too short, and changes of the draw.

One minute to object or to answer would keep every order of moments and still take the right away.
The least and most lengths of the parts are therefore not announced rules: the city refuses shorter
ones, and every auditor of the log names them.

Other witnesses, another late value, other quotas and other times of the week or of offers can
respect every order and every minimum length and still decide who could cheat. A new version with
such a change needs two officers. The position of a moment matters as much as the length of a part,
and many versions of one minute each add up. So no such change is too small, and more time is a
change too (docs/turns.md section 2).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from publicmeeting.kit.hashing import canonical_json
from publicmeeting.turns.rules.week import DAYS_BEFORE, LATE_VALUE

_HOUR, _DAY = 60, 24 * 60


class Part(StrEnum):
    """A part of the week in which somebody must be able to act."""

    FILING = "filing"
    """From the opening of a Monday to the close of its line: long enough for weekly readers."""
    OBJECTIONS = "objections"
    """From the list to the end of objections: reachable at noon or after work."""
    REVEALS = "reveals"
    """For institutions to open their sealed values; those that miss it are named."""
    VALUE = "value"
    """For them to enter the value of the day."""
    ANSWER = "answer"
    """From the latest draw to the deadline for an answer: silence costs her the seat."""
    STANDBY = "standby"
    """From that deadline to the end of offers; without it nobody gets a freed seat."""
    OFFERS = "offers"
    """Hours of a day that count for an offer, all of them while messages are sent."""
    MEETING = "meeting"
    """Length of one seat.

    The day ends this long after its last seat begins, and that citizen may be ten minutes late too.
    """


LEAST: Mapping[Part, int] = {
    Part.FILING: 7 * _DAY,
    Part.OBJECTIONS: 4 * _HOUR,
    Part.REVEALS: _HOUR,
    Part.VALUE: _HOUR,
    Part.ANSWER: _DAY,
    Part.STANDBY: 4 * _HOUR,
    Part.OFFERS: 6 * _HOUR,
    Part.MEETING: 10,
}
"""Minimum in minutes; objections, standby and offers count minutes of the day only."""
DAY_FROM, DAY_UNTIL = 8 * _HOUR, 22 * _HOUR
"""Messages are sent between these minutes of the day: at night nobody learns of a list or offer."""


@dataclass(frozen=True, slots=True)
class _Times:
    """Moments of the rules as minutes relative to the Monday's beginning, or to a day's."""

    body: Mapping[str, Any]

    def at(self, name: str) -> int:
        moment = self.body["week"][name]
        return _minutes(moment["at"]) - int(moment["days_before"]) * _DAY

    def daily(self, name: str) -> int:
        return _minutes(self.body["week"][name]["at"])

    def drawn(self) -> int:
        return self.daily("value_until") - DAYS_BEFORE[self.body[LATE_VALUE]["days"][0]] * _DAY

    def by_day(self, since: str, until: str) -> int:
        return _by_day(self.at(until)) - _by_day(self.at(since))

    def offers(self) -> int:
        """Return the minutes of a day for offers; 0 if they include a minute of the night.

        An offer would run out at night unnoticed.
        """
        offers = self.body["offers"]
        since, until = _minutes(offers["from"]), _minutes(offers["until"])
        return until - since if since >= DAY_FROM and until <= DAY_UNTIL else 0


_LENGTH: Mapping[Part, Callable[[_Times], int]] = {
    Part.FILING: lambda of: of.at("filing_closes") - of.at("opens"),
    Part.OBJECTIONS: lambda of: of.by_day("freeze", "objections_until"),
    Part.REVEALS: lambda of: of.at("reveals_until") - of.at("reveals_from"),
    Part.VALUE: lambda of: of.daily("value_until") - of.daily("value_from"),
    Part.ANSWER: lambda of: of.at("answer_by") - of.drawn(),
    Part.STANDBY: lambda of: of.by_day("answer_by", "standby_until"),
    Part.OFFERS: _Times.offers,
    Part.MEETING: lambda of: int(of.body["slot_minutes"]),
}


def lengths(body: Mapping[str, Any]) -> dict[Part, int]:
    """Return the minutes of each part."""
    times = _Times(body)
    return {part: _LENGTH[part](times) for part in Part}


def too_short(body: Mapping[str, Any]) -> Part | None:
    """Return the first part that is too short, or None; for rules that `read_rules` accepted."""
    found = lengths(body)
    return next((part for part in Part if found[part] < LEAST[part]), None)


class Long(StrEnum):
    """A length that has a maximum."""

    OPENS = "opens"
    """From the opening of a Monday to its day.

    A next version does not govern a Monday that is already open. With a year, a departed witness or
    a stolen key could not be replaced for a year.
    """
    OFFERS = "offers"
    """Hours of an offer; with more, a freed seat would never reach the next in the standby."""
    MEETING = "meeting"
    """Minutes of one seat.

    Otherwise a Monday would end after midnight. Until then nothing would be decided for a citizen
    who waited at her telephone, or who came and was not met.
    """


MOST: Mapping[Long, int] = {
    Long.OPENS: 6 * 7 * _DAY,
    Long.OFFERS: 12 * _HOUR,
    Long.MEETING: _HOUR,
}
"""Maximum in minutes."""


def too_long(body: Mapping[str, Any]) -> Long | None:
    """Return the first length that is too long, or None; for rules that `read_rules` accepted."""
    found = {
        Long.OPENS: -_Times(body).at("opens"),
        Long.OFFERS: int(body["offers"]["hours"]) * _HOUR,
        Long.MEETING: int(body["slot_minutes"]),
    }
    return next((long for long in Long if found[long] > MOST[long]), None)


def _by_day(minute: int) -> int:
    """Return how many minutes of daytime there have been until then."""
    days, rest = divmod(minute, _DAY)
    return days * (DAY_UNTIL - DAY_FROM) + min(max(rest, DAY_FROM), DAY_UNTIL) - DAY_FROM


def _minutes(clock: str) -> int:
    return int(clock[:2]) * _HOUR + int(clock[3:])


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
    return {canonical_json(witness) for witness in body.get("witnesses", ())}
