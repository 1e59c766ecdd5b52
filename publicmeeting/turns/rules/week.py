"""The moments of a Monday's week: close of the line, freeze, draw, answers and offers.

The times are rules, not code: they are read from the published and hashed rules under which the
Monday was opened. Times in the rules are Tehran time; results are UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from publicmeeting.domain.errors import Invalid
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.turns import shape

FREEZE_TO_VALUE = timedelta(hours=20)
"""Time for everybody to look at the frozen pool before anybody can know the result."""

LATE_FROM = timedelta(minutes=10)
"""Allowed delay of a clock entry; a later freeze moves the moments that depend on it."""

TIME_TO_OBJECT = timedelta(hours=12)
"""Time between a desk's last possible refusal and the freeze.

A desk's two working days for a request filed on the last day end exactly then.
"""

LATE_VALUE = "late_value"
"""Key of the rules with the source of the late value, and its days."""

DAYS_BEFORE = {"wed": 5, "thu": 4, "fri": 3, "sat": 2, "sun": 1}
"""Names of the days whose value may decide → days before the Monday."""
_MONDAY = 0
_ONE_WEEK = timedelta(weeks=1)
# Maximum days or hours in a rule: more is a typing error and would overflow the calendar.
_MOST = 366


@dataclass(frozen=True, slots=True)
class Week:
    """One Monday under one rules body. ValueError if the day is no Monday.

    Every property raises Invalid("rules_malformed") if the rules lack its moment.
    """

    monday: date
    body: Mapping[str, Any]

    def __post_init__(self) -> None:
        if self.monday.weekday() != _MONDAY:
            raise ValueError(f"not a Monday: {self.monday}")

    @property
    def opens_at(self) -> datetime:
        """Seats, rules hash and the city's commitment become public."""
        return self.at("opens")

    @property
    def filing_closes_at(self) -> datetime:
        """A request filed at this instant or later is in the next week's line."""
        return self.at("filing_closes")

    @property
    def freeze_at(self) -> datetime:
        """The pool is fixed; last instant for commitments and for leaving this Monday out."""
        return self.at("freeze")

    @property
    def screened_by(self) -> datetime:
        """Moment from which no request filed in time is refused: an objection needs time."""
        return self.freeze_at - TIME_TO_OBJECT

    @property
    def objections_until(self) -> datetime:
        return self.at("objections_until")

    @property
    def reveals_from(self) -> datetime:
        """From here on the sealed values are opened, the city's automatically."""
        return self.at("reveals_from")

    @property
    def reveals_until(self) -> datetime:
        """Silent parties are named then, and the draws run without their values."""
        return self.at("reveals_until")

    @property
    def value_days(self) -> tuple[date, ...]:
        """The days whose value may decide, in order."""
        late = self.body.get(LATE_VALUE)
        days = late.get("days") if isinstance(late, Mapping) else None
        if not isinstance(days, list) or not days or not all(day in DAYS_BEFORE for day in days):
            raise Invalid("rules_malformed", field=f"{LATE_VALUE}.days")
        before = [DAYS_BEFORE[day] for day in days]
        if any(one <= then for one, then in pairwise(before)):
            raise Invalid("rules_malformed", field=f"{LATE_VALUE}.days")
        return tuple(self.monday - timedelta(days=days) for days in before)

    def session_at(self, day: date) -> datetime:
        """Return when somebody may first know the value of a day."""
        late = self.body.get(LATE_VALUE)
        session = late.get("session") if isinstance(late, Mapping) else None
        if not shape.is_start(session):
            raise Invalid("rules_malformed", field=f"{LATE_VALUE}.session")
        return at_tehran(day, str(session))

    def value_from(self, day: date) -> datetime:
        """Return from when the value of this day may be entered."""
        return at_tehran(day, self._clock("value_from"))

    def value_until(self, day: date) -> datetime:
        """Return until when it may be entered; then a value that all entered alike stands."""
        return at_tehran(day, self._clock("value_until"))

    @property
    def draw_by(self) -> datetime:
        """Moment by which the draws have run, if nothing is delayed."""
        return self.value_until(self.value_days[0])

    def delay(self, frozen_at: datetime) -> timedelta:
        """Return by how much a late freeze moves dependent moments; zero if it is not late."""
        late = frozen_at.replace(microsecond=0) - self.freeze_at
        return late if late > LATE_FROM else timedelta()

    @property
    def answer_by(self) -> datetime:
        """Deadline to confirm or give up the seat; silence lets it lapse."""
        return self.at("answer_by")

    @property
    def standby_until(self) -> datetime:
        """End of offers; giving a seat up after this costs the weeks waited."""
        return self.at("standby_until")

    def closes_at(self, seats: Sequence[str]) -> datetime:
        """Return the end of the last seat of a Monday that has seats."""
        minutes = int(self.body.get("slot_minutes", 0))
        return at_tehran(self.monday, seats[-1]) + timedelta(minutes=minutes)

    def offer_ends_at(self, start: datetime) -> datetime:
        """Return when an offer made at `start` expires; only hours of the day count.

        Never later than `standby_until`. If the result is not after `start`, no time is left and no
        offer may be made.
        """
        left, opens, closes = offer_hours(self.body)
        day = tehran_day(start)
        while True:
            begun = max(start, at_tehran(day, opens))
            if begun >= self.standby_until:
                return self.standby_until
            today = max(at_tehran(day, closes) - begun, timedelta())
            if left <= today:
                return min(begun + left, self.standby_until)
            left -= today
            day += timedelta(days=1)

    def _clock(self, name: str) -> str:
        moments = self.body.get("week")
        match moments.get(name) if isinstance(moments, Mapping) else None:
            case {"at": clock} if shape.is_border(clock):
                return str(clock)
        raise Invalid("rules_malformed", field=f"week.{name}")

    def at(self, name: str) -> datetime:
        """Return a moment of the week by its name in the rules."""
        moments = self.body.get("week")
        match moments.get(name) if isinstance(moments, Mapping) else None:
            case {"days_before": days, "at": clock} if is_in_range(days) and shape.is_border(clock):
                return at_tehran(self.monday - timedelta(days=days), clock)
        raise Invalid("rules_malformed", field=f"week.{name}")


def offer_hours(body: Mapping[str, Any]) -> tuple[timedelta, str, str]:
    """Return the duration of an offer, and between which times of the day its hours count.

    Raises Invalid("rules_malformed") if the rules do not state them.
    """
    match body.get("offers"):
        case {"hours": hours, "from": opens, "until": closes}:
            if is_in_range(hours) and shape.is_start(opens) and shape.is_border(closes):
                return timedelta(hours=hours), opens, closes
    raise Invalid("rules_malformed", field="offers")


def is_in_range(value: object) -> bool:
    """Whether it is a number of days or hours that the calendar can represent."""
    return shape.is_count(value) and value in range(_MOST + 1)


def first_monday(filed_at: datetime, body: Mapping[str, Any]) -> date:
    """Return the first Monday whose line a request filed then can join, under these rules."""
    day = tehran_day(filed_at)
    monday = day + timedelta(days=-day.weekday() % 7)
    while Week(monday, body).filing_closes_at <= filed_at:
        monday += _ONE_WEEK
    return monday
