"""Instants are aware UTC; days and clock times are those of Tehran.

Asia/Tehran has been +03:30 all year since 1401 (2022); earlier years had summer time, so the zone
is always asked and never replaced by a constant.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo, reset_tzpath

# The pinned table alone: the machine's own comes first and may be from before 2022, with an hour of
# summer time in every deadline; two hosts of one city would disagree.
reset_tzpath(())
ZoneInfo.clear_cache()
TEHRAN = ZoneInfo("Asia/Tehran")

Clock: TypeAlias = Callable[[], datetime]
"""Returns the present as an aware UTC instant; handed in wherever time matters."""

DRIFT_MOST = timedelta(seconds=5)
"""So far may a machine's clock be from the database's; beyond it the machine changes nothing."""

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_MIDNIGHT_AFTER = "24:00"


def utc_now() -> datetime:
    """The machine's present, aware, in UTC."""
    return datetime.now(UTC)


def in_tehran(at: datetime) -> datetime:
    """The same instant on Tehran's wall clock. ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(TEHRAN)


def tehran_day(at: datetime) -> date:
    """The calendar day on which an instant falls in Tehran."""
    return in_tehran(at).date()


def at_tehran(day: date, clock: str = "00:00") -> datetime:
    """The UTC instant of `HH:MM` in Tehran on a day; "24:00" is the midnight that ends it.

    ValueError for any other form of clock.
    """
    return _at_tehran(day, clock)


@lru_cache(maxsize=4096)
def _at_tehran(day: date, clock: str) -> datetime:
    """Remembered: a page asks for the same few instants of a week again and again."""
    if clock == _MIDNIGHT_AFTER:
        return _at_tehran(day + timedelta(days=1), "00:00")
    found = _CLOCK.fullmatch(clock)
    if found is None:
        raise ValueError(f"not a clock time: {clock!r}")
    wall = time(int(found[1]), int(found[2]), tzinfo=TEHRAN)
    return datetime.combine(day, wall).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """24:00 in Tehran, the instant a deadline of that day runs out."""
    return at_tehran(day, _MIDNIGHT_AFTER)
