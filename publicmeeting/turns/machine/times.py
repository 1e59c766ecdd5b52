"""The moments of one Monday's week as its rules name them, in UTC.

A clock entry may come `LEEWAY` late, never early. A first freeze that is later moves everything up
to the end of the reveals by the same span (docs/turns.md 2).
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
    """KeyError, TypeError or ValueError where the rules do not name a moment."""

    monday: date
    rules: Mapping[str, Any]
    shift: timedelta = timedelta()

    def at(self, name: str) -> datetime:
        """A moment that no lateness moves."""
        moment = self.rules["week"][name]
        return at_tehran(self.monday - timedelta(days=moment["days_before"]), moment["at"])

    def moved(self, name: str) -> datetime:
        """A moment between the freeze and the end of the reveals, as a late freeze moved it."""
        return self.at(name) + self.shift

    def value_days(self, after: datetime) -> list[date]:
        """The days whose value may count, in their order: the last of each weekday the rules name
        before the Monday, if its session begins after the reveals were closed."""
        session = self.rules["late_value"]["session"]
        return [day for day in self.named_days() if at_tehran(day, session) > after]

    def named_days(self) -> list[date]:
        """All days the rules name for this Monday, whether one of them may still count or not."""
        return [_last(self.monday, name) for name in self.rules["late_value"]["days"]]

    def on(self, day: date, name: str) -> datetime:
        """`value_from` or `value_until` of a day."""
        return at_tehran(day, self.rules["week"][name]["at"])

    def starts_at(self, time: str) -> datetime:
        return at_tehran(self.monday, time)

    def last_end(self, seats: list[str]) -> datetime:
        """End of the last seat."""
        return self.starts_at(seats[-1]) + timedelta(minutes=int(self.rules["slot_minutes"]))

    def answer_by(self, drawn_at: datetime) -> datetime | None:
        """Until when a drawn seat is confirmed or lapses; None where nobody lapses: the draw was
        later than the morning before the meeting."""
        saturday, sunday = (self.monday - timedelta(days=days) for days in (2, 1))
        usual = self.at("answer_by")
        if drawn_at <= at_tehran(saturday, "12:00") and drawn_at < usual:
            return usual
        is_in_time = drawn_at < at_tehran(sunday, "08:00")
        return at_tehran(sunday, "14:00") if is_in_time else None

    def stands_in_at(self, time: str, freed_at: datetime) -> datetime:
        """When a free seat of the day is given to whoever is present: ten minutes before it begins;
        one that became free later, at the next quarter hour."""
        moment = self.starts_at(time) - SEATED_BEFORE
        if freed_at <= moment:
            return moment
        return next_quarter(freed_at)


def _last(monday: date, name: str) -> date:
    """The last such weekday before a Monday."""
    return monday - timedelta(days=(monday.weekday() - _WEEKDAYS[name]) % 7 or 7)


def next_quarter(after: datetime) -> datetime:
    """The next full quarter hour; Tehran's are UTC's."""
    seconds = int(QUARTER.total_seconds())
    return datetime.fromtimestamp((int(after.timestamp()) // seconds + 1) * seconds, tz=UTC)
