"""Instants are aware UTC datetimes; days and clock times are those of Tehran.

Asia/Tehran has been +03:30 all year since 1401 (2022). Earlier years had summer time, so code
always uses the zone and never a constant offset.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo, reset_tzpath

# Use only the pinned tzdata package. By default the system's tables come first. They may date from
# before 2022 and add an hour of summer time to every deadline, and two hosts of one city would
# disagree.
reset_tzpath(())
ZoneInfo.clear_cache()
TEHRAN = ZoneInfo("Asia/Tehran")

Clock: TypeAlias = Callable[[], datetime]
"""A function that returns the present as an aware UTC instant; passed in wherever time matters."""

DRIFT_MOST = timedelta(seconds=5)
"""Maximum difference from the database's clock; a process with a larger one writes nothing."""

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_MIDNIGHT_AFTER = "24:00"


def utc_now() -> datetime:
    """Return the system's present time, aware, in UTC."""
    return datetime.now(UTC)


def in_tehran(at: datetime) -> datetime:
    """Return the same instant in Tehran time; ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(TEHRAN)


def tehran_day(at: datetime) -> date:
    """Return the calendar day in Tehran of an instant."""
    return in_tehran(at).date()


def at_tehran(day: date, clock: str = "00:00") -> datetime:
    """Return the UTC instant of `HH:MM` in Tehran on a day; "24:00" is the midnight that ends it.

    Raises ValueError for any other clock text.
    """
    return _at_tehran(day, clock)


@lru_cache(maxsize=4096)
def _at_tehran(day: date, clock: str) -> datetime:
    """Cached: a page needs the same few instants of a week again and again."""
    if clock == _MIDNIGHT_AFTER:
        return _at_tehran(day + timedelta(days=1), "00:00")
    found = _CLOCK.fullmatch(clock)
    if found is None:
        raise ValueError(f"not a clock time: {clock!r}")
    wall = time(int(found[1]), int(found[2]), tzinfo=TEHRAN)
    return datetime.combine(day, wall).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """Return 24:00 in Tehran, the instant at which a deadline of that day ends."""
    return at_tehran(day, _MIDNIGHT_AFTER)
