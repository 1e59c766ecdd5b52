"""Working days, holidays and meeting Mondays; deadlines and lateness counted in working days.

The working week is Saturday to Wednesday. Friday is the legal holiday, and Thursday is closed by
administrative decision. The table of holidays covers 1405 and 1406. After its last day only the
holidays with a fixed day in every solar year count, because the others follow the moon. `doctor`
warns `HOLIDAYS_NOTICE` before. Administrators close single days elsewhere, not in this table.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from publicmeeting.domain.shipped import read_data
from publicmeeting.kit.clock import at_tehran, end_of_day, tehran_day
from publicmeeting.kit.jalali import parts

_FACTS = read_data("holidays")
_HOLIDAYS: dict[date, str] = {
    date.fromisoformat(holiday["on"]): holiday["name"] for holiday in _FACTS["holidays"]
}
_EVERY_YEAR: dict[tuple[int, int], str] = {
    (holiday["month"], holiday["day"]): holiday["name"] for holiday in _FACTS["every_year"]
}
"""Holidays by month and day of the solar year, for the years that the table does not have."""

HOLIDAYS_UNTIL: date = date.fromisoformat(_FACTS["until"])
"""Last day that the table of holidays covers."""

_LAST_SOLAR_DAY = date(9999, 3, 20)
"""Last day that the library for solar dates knows; a typed or damaged date may be later."""

HOLIDAYS_NOTICE = timedelta(days=60)
"""How long before its end the table has to be continued.

Mondays open six weeks ahead at most, and one that was opened with seats does not close by itself.
"""

_MONDAY, _THURSDAY, _FRIDAY, _SATURDAY = 0, 3, 4, 5
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


def holiday_name(day: date) -> str | None:
    """Return the name of the holiday on that day, or None."""
    if HOLIDAYS_UNTIL < day <= _LAST_SOLAR_DAY:
        _, month, number = parts(day)
        return _EVERY_YEAR.get((month, number))
    return _HOLIDAYS.get(day)


def is_working_day(day: date) -> bool:
    return day.weekday() not in (_THURSDAY, _FRIDAY) and holiday_name(day) is None


def add_working_days(day: date, n: int) -> date:
    """Return the n-th working day after `day`; `day` itself never counts. ValueError if n < 0."""
    if n < 0:
        raise ValueError(f"working days are counted forward: {n}")
    while n:
        day += _DAY
        n -= is_working_day(day)
    return day


def working_day_from(day: date) -> date:
    """Return `day` if it is a working day, else the first working day after it."""
    return day if is_working_day(day) else add_working_days(day, 1)


def working_days_between(after: date, until: date) -> int:
    """Count the working days after `after`, up to and including `until`; 0 if that is earlier."""
    days = (until - after).days
    return sum(is_working_day(after + step * _DAY) for step in range(1, days + 1))


def deadline_working_days(at: datetime, n: int) -> datetime:
    """Return 24:00 Tehran time of the n-th working day after the day of `at`."""
    return end_of_day(add_working_days(tehran_day(at), n))


def deadline_days(at: datetime, n: int) -> datetime:
    """Return 24:00 Tehran time of the n-th calendar day after the day of `at`."""
    return end_of_day(tehran_day(at) + n * _DAY)


def next_monday(day: date) -> date:
    """Return the first Monday strictly after `day`."""
    return day + (7 - day.weekday()) * _DAY


def week_began(at: datetime) -> datetime:
    """Return 0:00 Tehran time of the latest Saturday; weekly figures cover completed weeks only."""
    today = tehran_day(at)
    return at_tehran(today - (today.weekday() - _SATURDAY) % 7 * _DAY)


def mondays(first: date, count: int) -> tuple[date, ...]:
    """Return `count` Mondays from the first one on or after `first`, including holidays."""
    return _mondays(next_monday(first - _DAY), count)


@lru_cache(maxsize=64)
def _mondays(start: date, count: int) -> tuple[date, ...]:
    return tuple(start + week * _WEEK for week in range(count))


def is_meeting_monday(day: date) -> bool:
    """Whether the city can receive citizens on that day.

    A holiday Monday is drawn without seats.
    """
    return day.weekday() == _MONDAY and holiday_name(day) is None


_INSTANT = timedelta(microseconds=1)


class LateIn(StrEnum):
    """What is late: the work itself, or an earlier step that has its own deadline."""

    WORK = "work"
    TAKING_ON = "taking_on"
    DECISION = "decision"
    ANSWER = "answer"
    RIGHT_ORDER = "right_order"


@dataclass(frozen=True, slots=True)
class Lateness:
    """Number of working days that something is late (0 if in time), and what is late."""

    days: int = 0
    of: LateIn = LateIn.WORK


IN_TIME = Lateness()


def last_day(due_at: datetime) -> date:
    """Return the last Tehran day that is in time: a deadline of 24:00 belongs to its own day."""
    return tehran_day(due_at - _INSTANT)


def is_late(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and now >= due_at


def late_days(due_at: datetime | None, now: datetime) -> int:
    """Count the working days past a deadline; 0 while in time, at least 1 once it has passed."""
    if due_at is None or not is_late(due_at, now):
        return 0
    return max(1, working_days_between(last_day(due_at), tehran_day(now)))
