"""Working days, holidays and meeting Mondays of the city.

The working week is Saturday to Wednesday: Friday is the legal holiday, Thursday is closed by
administrative decision. The table covers 1405 and 1406; after its end no day is a holiday and
`doctor` says so. Closures of single days belong to the administrators, not to this table.
"""

from datetime import date, datetime, timedelta

from publicmeeting.domain.shipped import shipped
from publicmeeting.kit.clock import end_of_day, tehran_day

_FACTS = shipped("holidays")
_HOLIDAYS: dict[date, str] = {
    date.fromisoformat(one["on"]): one["name"] for one in _FACTS["holidays"]
}

HOLIDAYS_UNTIL: date = date.fromisoformat(_FACTS["until"])
"""The last day the table speaks of."""

_MONDAY, _THURSDAY, _FRIDAY = 0, 3, 4
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


def mondays(first: date, count: int) -> tuple[date, ...]:
    """That many Mondays, beginning with the first one on or after `first`; holidays included."""
    start = next_monday(first - _DAY)
    return tuple(start + week * _WEEK for week in range(count))


def is_meeting_monday(day: date) -> bool:
    """A Monday on which the city can receive people. A holiday Monday is drawn without seats."""
    return day.weekday() == _MONDAY and day not in _HOLIDAYS
