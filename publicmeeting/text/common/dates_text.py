"""Dates, deadlines and facts as they stand inside a sentence."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.calendar import last_day, working_days_between
from publicmeeting.kit.clock import end_of_day, tehran_day
from publicmeeting.kit.digits import grouped, persian
from publicmeeting.kit.jalali import (
    clock_words,
    day_month,
    day_words,
    parts,
    weekday_day,
)

_LTR, _END = "\u2066", "\u2069"
_NUMBER_WITH_HYPHEN = re.compile("[0-9]+[-\u2011][0-9]+")


def in_order(text: str) -> str:
    """A run of Latin letters and digits that keeps its order between Persian words."""
    return f"{_LTR}{text}{_END}"


def shown(fact: object) -> object:
    """Whole numbers and codes in Persian digits; words, dates already in words and hashes as is.

    A number with a hyphen is isolated: its halves would change places in right-to-left text.
    """
    if isinstance(fact, int) or (isinstance(fact, str) and fact.isdecimal()):
        return persian(fact)
    if isinstance(fact, str) and _NUMBER_WITH_HYPHEN.fullmatch(fact):
        return in_order(str(persian(fact)))
    return fact


_TODAY, _TOMORROW, _YESTERDAY = "امروز", "فردا", "دیروز"
_NEAR = {0: _TODAY, 1: _TOMORROW, -1: _YESTERDAY}


def near_day(day: date, today: date) -> str:
    """«امروز», «فردا», «دیروز», or else «دوشنبه ۹ آذر»."""
    return _NEAR.get((day - today).days) or day_of_year(day, today)


def day_of_year(day: date, today: date) -> str:
    """«دوشنبه ۹ آذر»; in another Jalali year than today's with its year."""
    return weekday_day(day) if parts(day)[0] == parts(today)[0] else day_words(day)


def near_moment(at: datetime, now: datetime) -> str:
    """«امروز، ۱۲:۰۱» or «دوشنبه ۹ آذر، ۱۲:۰۱»."""
    return f"{near_day(tehran_day(at), tehran_day(now))}، {clock_words(at)}"


def moment(at: datetime) -> str:
    """«پنجشنبه ۵ آذر، ساعت ۱۲:۰۰», for what is read on some other day."""
    return f"{weekday_day(tehran_day(at))}، ساعت {clock_words(at)}"


def until_words(due_at: datetime) -> str:
    """«تا پایان دوشنبه ۹ آذر», or with its hour «تا شنبه ۷ آذر، ساعت ۲۰:۰۰».

    For a deadline ahead. `DateWords.until` adds the year of one that may be long past.
    """
    return _until(due_at, weekday_day(last_day(due_at)))


def _until(due_at: datetime, day: str) -> str:
    if due_at == end_of_day(last_day(due_at)):
        return f"تا پایان {day}"
    return f"تا {day}، ساعت {clock_words(due_at)}"


def left_words(due_at: datetime, now: datetime) -> str:
    """Time left until a deadline: «۳ روز مانده», «تا فردا», «تا پایان امروز», «مهلت گذشت»."""
    if now >= due_at:
        return "مهلت گذشت"
    days = (last_day(due_at) - tehran_day(now)).days
    if days > 1:
        return f"{persian(days)} روز مانده"
    if days == 1:
        return f"تا {_TOMORROW}"
    if due_at == end_of_day(last_day(due_at)):
        return f"تا پایان {_TODAY}"
    return f"تا ساعت {clock_words(due_at)}"


def working_left_words(due_on: date, today: date) -> str:
    """«۹ روز کاری مانده» to a due date; on the day itself «تا پایان امروز»."""
    if due_on == today:
        return f"تا پایان {_TODAY}"
    return f"{working_days(working_days_between(today, due_on))} مانده"


def late_words(working_days_late: int) -> str:
    """«۳ روز کاری دیرکرد»."""
    return f"{working_days(working_days_late)} دیرکرد"


def days(n: int) -> str:
    return f"{persian(n)} روز"


def working_days(n: int) -> str:
    return f"{persian(n)} روز کاری"


def weeks(n: int) -> str:
    return f"{persian(n)} هفته"


def minutes(n: int) -> str:
    return f"{persian(n)} دقیقه"


def long_minutes(n: int) -> str:
    """«۴۵ دقیقه», «۲ ساعت», «۵ ساعت و ۳۰ دقیقه»."""
    whole, rest = divmod(n, 60)
    parts = ([f"{persian(whole)} ساعت"] if whole else []) + ([minutes(rest)] if rest else [])
    return " و ".join(parts) or minutes(0)


def people(n: int) -> str:
    return f"{grouped(n)} نفر"


def times(n: int) -> str:
    return f"{persian(n)} بار"


def hours(start: str, until: str) -> str:
    """«از ۹:۰۰ تا ۹:۳۰» from two `HH:MM` of Tehran."""
    return f"از {clock(start)} تا {clock(until)}"


def clock(text: str) -> str:
    """«۹:۰۰» from `09:00`."""
    hour, minute = text.split(":")
    return persian(f"{int(hour)}:{minute}")


@dataclass(frozen=True, slots=True)
class DateWords:
    """Moments and deadlines as sentences name them, all seen from the same `now`."""

    now: datetime

    @property
    def today(self) -> date:
        return tehran_day(self.now)

    @property
    def time(self) -> str:
        """«۱۲:۰۱», the hour of `now`."""
        return clock_words(self.now)

    def day(self, at: datetime) -> str:
        """«دوشنبه ۹ آذر»; in another year with its year."""
        return self.on(tehran_day(at))

    def on(self, day: date) -> str:
        """The same of a day."""
        return day_of_year(day, self.today)

    def span(self, first: date, last: date) -> str:
        """«از ۱۸ آبان تا ۴ آذر»; if it ended in another year with that year."""
        year = parts(last)[0]
        words = f"از {day_month(first)} تا {day_month(last)}"
        return words if year == parts(self.today)[0] else f"{words} {persian(year)}"

    def near(self, at: datetime) -> str:
        return near_moment(at, self.now)

    def moment(self, at: datetime) -> str:
        """«پنجشنبه ۵ آذر، ساعت ۱۲:۰۰»; in another year with its year."""
        return f"{self.day(at)}، ساعت {clock_words(at)}"

    def until(self, due_at: datetime) -> str:
        """«تا پایان دوشنبه ۹ آذر»; in another year with its year."""
        return _until(due_at, self.on(last_day(due_at)))

    def left(self, due_at: datetime) -> str:
        return left_words(due_at, self.now)

    def days_left(self, due_at: datetime) -> str:
        """The same in a sentence of its own: «۳ روز»; nothing once it is a matter of hours."""
        count = (last_day(due_at) - self.today).days
        return days(count) if count > 1 else ""

    def working_left(self, due_on: date) -> str:
        return working_left_words(due_on, self.today)

    def signed(self, by: str, at: datetime | None) -> str:
        """Who wrote it and when, where that is known."""
        return f"{by}، {self.near(at)}" if at else by
