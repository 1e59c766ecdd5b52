"""How short and how long the parts of a week may be: no rule takes a right away by its times.

One minute to object, or to answer, keeps every order of moments and leaves nobody the right. So
these lengths are no rule that somebody announces: the city refuses shorter ones, and whoever reads
the log names them (docs/turns.md 2).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from publicmeeting.turns.week import DAYS_BEFORE, LATE_VALUE

_HOUR, _DAY = 60, 24 * 60


class Part(StrEnum):
    """A part of the week in which somebody has to be able to do something."""

    FILING = "filing"
    """From the opening of a Monday to the end of its line: who hears of it once a week is in."""
    OBJECTIONS = "objections"
    """From the list to the end of objections: who looks at noon or after work."""
    REVEALS = "reveals"
    """For institutions to open what they sealed; whoever misses it is named."""
    VALUE = "value"
    """For them to enter the value of the day."""
    ANSWER = "answer"
    """From the draw's last moment to the answer: silence costs her."""
    STANDBY = "standby"
    """From the answer to the end of offers: a freed seat is nobody's without it."""
    OFFERS = "offers"
    """Of a day, in which the hours of an offer count; all of them while messages go out."""
    MEETING = "meeting"
    """Of one seat: the day ends so long after its last one begins, whose holder may be ten minutes
    late as all others."""


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
"""Minutes; of objections, standby and offers those of the day alone."""
DAY_FROM, DAY_UNTIL = 8 * _HOUR, 22 * _HOUR
"""In which messages go out: between 22:00 and 8:00 nobody hears of a list or an offer."""


@dataclass(frozen=True, slots=True)
class _Times:
    """Minutes from the Monday's beginning, and of a day's."""

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
        """None with a minute of the night: an offer would run out in it unheard."""
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
    """Minutes of each part."""
    times = _Times(body)
    return {part: _LENGTH[part](times) for part in Part}


def too_short(body: Mapping[str, Any]) -> Part | None:
    """The first part that is too short, of rules that `read_rules` has let pass."""
    found = lengths(body)
    return next((part for part in Part if found[part] < LEAST[part]), None)


class Long(StrEnum):
    """What may not be too long."""

    OPENS = "opens"
    """Between the opening of a Monday and its day: no next version governs a Monday that is open,
    so with a year no witness who has gone and no stolen key could be replaced for a year."""
    OFFERS = "offers"
    """The hours of an offer: a freed seat would never come to the next one."""
    MEETING = "meeting"
    """The minutes of one seat: a Monday would end after midnight, and whoever sat beside her
    telephone, or came and was not met, would count for nothing until then."""


MOST: Mapping[Long, int] = {
    Long.OPENS: 6 * 7 * _DAY,
    Long.OFFERS: 12 * _HOUR,
    Long.MEETING: _HOUR,
}
"""Minutes."""


def too_long(body: Mapping[str, Any]) -> Long | None:
    """The first that is too long, of rules that `read_rules` has let pass."""
    found = {
        Long.OPENS: -_Times(body).at("opens"),
        Long.OFFERS: int(body["offers"]["hours"]) * _HOUR,
        Long.MEETING: int(body["slot_minutes"]),
    }
    return next((long for long in Long if found[long] > MOST[long]), None)


def _by_day(minute: int) -> int:
    """How many minutes of the day there have been until then."""
    days, rest = divmod(minute, _DAY)
    return days * (DAY_UNTIL - DAY_FROM) + min(max(rest, DAY_FROM), DAY_UNTIL) - DAY_FROM


def _minutes(clock: str) -> int:
    return int(clock[:2]) * _HOUR + int(clock[3:])
