"""Convert dates to the Persian calendar for display: they are stored Gregorian and shown Jalali.

persiantools agrees with ICU on every day of 1300-1500. Its own formatting is not used, because it
pads days («۰۹ آذر») and counts weekdays from Saturday.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from persiantools.jdatetime import JalaliDate

from publicmeeting.kit.clock import in_tehran
from publicmeeting.kit.digits import persian, without_marks

# The library's constructor has no type annotations.
_jalali: Callable[..., JalaliDate] = JalaliDate

_FIRST, _LAST = date(622, 3, 22), _jalali(9377, 1, 1).to_gregorian()
"""The days that the calendar has. A row of the database may name an earlier or a later one."""
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TYPED = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})")
_ON_A_KEYPAD = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
"""A telephone's keypad of digits has no other signs."""
_MONTHS = (
    *("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور"),
    *("مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
)
# In the order of date.weekday(), Monday first.
_WEEKDAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")
_WEEKDAY_LETTERS = "دسچپجشی"


@lru_cache(2000)
def parts(day: date) -> tuple[int, int, int]:
    """Return Jalali year, month and day.

    A day before or after the calendar is its first or last one: a damaged row in a list must not
    end the page of everybody else. Raises TypeError for an instant, whose day depends on the zone:
    call `tehran_day` first.
    """
    if isinstance(day, datetime):
        raise TypeError("a day is wanted, not an instant")
    jalali = _jalali(min(max(day, _FIRST), _LAST))
    return jalali.year, jalali.month, jalali.day


def from_parts(year: int, month: int, day: int) -> date:
    """Return the Gregorian date of a Jalali one; ValueError if the calendar has no such day."""
    return _jalali(year, month, day).to_gregorian()


def iso(day: date) -> str:
    """Return `1405-09-16`: Jalali, ASCII, sortable; for URLs and identifiers, not for screens."""
    year, month, day_of_month = parts(day)
    return f"{year:04d}-{month:02d}-{day_of_month:02d}"


def from_iso(text: str) -> date:
    """Parse the text made by `iso`; ValueError for another form or an impossible day."""
    found = _ISO.fullmatch(text)
    if found is None:
        raise ValueError(f"not a Jalali date: {text!r}")
    return from_parts(int(found[1]), int(found[2]), int(found[3]))


def from_typed(text: str) -> date:
    """Parse a day such as «۱۴۰۵/۰۹/۰۷», `1405-9-7` or `14050907`, as an official types it;
    ValueError for anything else."""
    typed = without_marks(text)
    found = _TYPED.fullmatch(typed) or _ON_A_KEYPAD.fullmatch(typed)
    if found is None:
        raise ValueError(f"not a Jalali date: {text!r}")
    return from_parts(int(found[1]), int(found[2]), int(found[3]))


def month_name(month: int) -> str:
    """Return the name of a month, 1-12; ValueError outside."""
    if not 1 <= month <= len(_MONTHS):
        raise ValueError(f"no such month: {month}")
    return _MONTHS[month - 1]


def weekday_name(day: date) -> str:
    return _WEEKDAYS[day.weekday()]


def weekday_letter(day: date) -> str:
    """Return the letter that heads the weekday's column in a calendar."""
    return _WEEKDAY_LETTERS[day.weekday()]


def day_month(day: date) -> str:
    """Return «۹ آذر», with a space at which no line ends."""
    _, month, day_of_month = parts(day)
    return f"{persian(day_of_month)}\u00a0{month_name(month)}"


def weekday_day(day: date) -> str:
    """Return «دوشنبه ۹ آذر»."""
    return f"{weekday_name(day)} {day_month(day)}"


def day_words(day: date) -> str:
    """Return «دوشنبه ۹ آذر ۱۴۰۵», the full date for everything that a person keeps."""
    return f"{weekday_day(day)} {persian(parts(day)[0])}"


def clock_words(at: datetime) -> str:
    """Return «۹:۴۵», Tehran time."""
    wall = in_tehran(at)
    return persian(f"{wall.hour}:{wall.minute:02d}")


def moment_words(at: datetime) -> str:
    """Return «دوشنبه ۹ آذر ۱۴۰۵، ۹:۴۵», for records and papers, which are read years later."""
    return f"{day_words(in_tehran(at).date())}، {clock_words(at)}"
