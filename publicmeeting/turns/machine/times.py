"""The moments of a Monday's week as its rules state them, in UTC.

A clock entry may be late by `LEEWAY`, but never early. A later first freeze moves all moments until
the end of the reveals by the same span (docs/turns.md section 2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from publicmeeting.kit.clock import at_tehran

LEEWAY = timedelta(minutes=10)
AFTER_LAST_SEAT = timedelta(hours=1)
SEATED_BEFORE = timedelta(minutes=10)
QUARTER = timedelta(minutes=15)
CALLED_AFTER = timedelta(minutes=10)
CONTESTED_WITHIN = timedelta(days=3)
UNDONE_WITHIN = timedelta(seconds=10)
SILENT_FOR = timedelta(hours=240)
RECLAIMED_WITHIN = timedelta(weeks=8)
_WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}


@dataclass(frozen=True, slots=True)
class Times:
    """Moments of one Monday; KeyError, TypeError or ValueError if the rules lack one."""

    monday: date
    rules: Mapping[str, Any]
    shift: timedelta = timedelta()

    def at(self, name: str) -> datetime:
        """Return a moment that no late freeze moves."""
        moment = self.rules["week"][name]
        return at_tehran(self.monday - timedelta(days=moment["days_before"]), moment["at"])

    def moved(self, name: str) -> datetime:
        """Return a moment between freeze and end of the reveals, as moved by a late freeze."""
        return self.at(name) + self.shift

    def value_days(self, after: datetime) -> list[date]:
        """Return the days whose value may count, in order.

        Each is the last such weekday before the Monday, if its session begins after `after`, the
        closing of the reveals.
        """
        session = self.rules["late_value"]["session"]
        return [day for day in self.named_days() if at_tehran(day, session) > after]

    def named_days(self) -> list[date]:
        """Return all days that the rules name for this Monday, whether or not they still count."""
        return [_last(self.monday, name) for name in self.rules["late_value"]["days"]]

    def on(self, day: date, name: str) -> datetime:
        """Return `value_from` or `value_until` of a day."""
        return at_tehran(day, self.rules["week"][name]["at"])

    def starts_at(self, time: str) -> datetime:
        return at_tehran(self.monday, time)

    def last_end(self, seats: list[str]) -> datetime:
        """Return the end of the last seat."""
        return self.starts_at(seats[-1]) + timedelta(minutes=int(self.rules["slot_minutes"]))

    def answer_by(self, drawn_at: datetime) -> datetime | None:
        """Return the deadline to confirm a drawn seat.

        None if the draw came so late that no seat lapses: from 08:00 on the day before the meeting.
        """
        saturday, sunday = (self.monday - timedelta(days=days) for days in (2, 1))
        usual = self.at("answer_by")
        if drawn_at <= at_tehran(saturday, "12:00") and drawn_at < usual:
            return usual
        is_in_time = drawn_at < at_tehran(sunday, "08:00")
        return at_tehran(sunday, "14:00") if is_in_time else None

    def stands_in_at(self, time: str, freed_at: datetime) -> datetime:
        """Return when a free seat of the day goes to somebody present.

        That is ten minutes before it begins; for a seat freed later, the next quarter hour.
        """
        moment = self.starts_at(time) - SEATED_BEFORE
        if freed_at <= moment:
            return moment
        return next_quarter(freed_at)


def _last(monday: date, name: str) -> date:
    """Return the last such weekday before a Monday."""
    return monday - timedelta(days=(monday.weekday() - _WEEKDAYS[name]) % 7 or 7)


def next_quarter(after: datetime) -> datetime:
    """Return the next full quarter hour; Tehran's and UTC's coincide."""
    seconds = int(QUARTER.total_seconds())
    return datetime.fromtimestamp((int(after.timestamp()) // seconds + 1) * seconds, tz=UTC)
