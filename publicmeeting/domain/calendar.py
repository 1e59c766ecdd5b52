"""Working days, holidays and meeting Mondays of the city; deadlines and lateness in working days.

The working week is Saturday to Wednesday: Friday is the legal holiday, Thursday is closed by
administrative decision. The table covers 1405 and 1406; after its end no day is a holiday and
`doctor` says so. Closures of single days belong to the administrators, not to this table.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from publicmeeting.domain.shipped import read_data
from publicmeeting.kit.clock import at_tehran, end_of_day, tehran_day

_FACTS = read_data("holidays")
_HOLIDAYS: dict[date, str] = {
    date.fromisoformat(one["on"]): one["name"] for one in _FACTS["holidays"]
}

HOLIDAYS_UNTIL: date = date.fromisoformat(_FACTS["until"])
"""The last day the table speaks of."""

_MONDAY, _THURSDAY, _FRIDAY, _SATURDAY = 0, 3, 4, 5
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


def holiday_name(day: date) -> str | None:
    """What the day is a holiday for, or None."""
    return _HOLIDAYS.get(day)


def is_working_day(day: date) -> bool:
    return day.weekday() not in (_THURSDAY, _FRIDAY) and day not in _HOLIDAYS


def add_working_days(day: date, n: int) -> date:
    """The n-th working day after a day, which itself never counts. ValueError for a negative n."""
    if n < 0:
        raise ValueError(f"working days are counted forward: {n}")
    while n:
        day += _DAY
        n -= is_working_day(day)
    return day


def working_day_from(day: date) -> date:
    """The day itself, or the first working day after it."""
    return day if is_working_day(day) else add_working_days(day, 1)


def working_days_between(after: date, until: date) -> int:
    """Working days after the first day, up to and with the last; 0 if that lies before."""
    days = (until - after).days
    return sum(is_working_day(after + step * _DAY) for step in range(1, days + 1))


def deadline_working_days(at: datetime, n: int) -> datetime:
    """24:00 Tehran of the n-th working day after the day of `at`."""
    return end_of_day(add_working_days(tehran_day(at), n))


def deadline_days(at: datetime, n: int) -> datetime:
    """24:00 Tehran of the n-th calendar day after the day of `at`."""
    return end_of_day(tehran_day(at) + n * _DAY)


def next_monday(day: date) -> date:
    """The first Monday strictly after a day."""
    return day + (7 - day.weekday()) * _DAY


def week_began(at: datetime) -> datetime:
    """0:00 Tehran of the newest Saturday: what a week has counted is told when it is over."""
    today = tehran_day(at)
    return at_tehran(today - (today.weekday() - _SATURDAY) % 7 * _DAY)


def mondays(first: date, count: int) -> tuple[date, ...]:
    """That many Mondays, beginning with the first one on or after `first`; holidays included."""
    return _mondays(next_monday(first - _DAY), count)


@lru_cache(maxsize=64)
def _mondays(start: date, count: int) -> tuple[date, ...]:
    return tuple(start + week * _WEEK for week in range(count))


def is_meeting_monday(day: date) -> bool:
    """A Monday on which the city can receive people. A holiday Monday is drawn without seats."""
    return day.weekday() == _MONDAY and day not in _HOLIDAYS


_INSTANT = timedelta(microseconds=1)


class LateIn(StrEnum):
    """What is late: the work itself, or a step on the way that has a deadline of its own."""

    WORK = "work"
    TAKING_ON = "taking_on"
    DECISION = "decision"
    ANSWER = "answer"
    RIGHT_ORDER = "right_order"


@dataclass(frozen=True, slots=True)
class Lateness:
    """Working days, 0 while in time, and what they are counted of."""

    days: int = 0
    of: LateIn = LateIn.WORK


IN_TIME = Lateness()


def last_day(due_at: datetime) -> date:
    """The last Tehran day on which one is in time: a deadline of 24:00 belongs to its own day."""
    return tehran_day(due_at - _INSTANT)


def is_late(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and now >= due_at


def late_days(due_at: datetime | None, now: datetime) -> int:
    """Working days past a deadline, 0 while in time; the first one counts as soon as it passed."""
    if due_at is None or not is_late(due_at, now):
        return 0
    return max(1, working_days_between(last_day(due_at), tehran_day(now)))
