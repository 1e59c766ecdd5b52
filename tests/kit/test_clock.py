"""Instants are in UTC, days are days in Tehran."""

import os
import struct
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from support.each import for_each

from publicmeeting.kit.clock import at_tehran, end_of_day, tehran_day, utc_now

MONDAY = date(2026, 11, 30)


def test_the_present_is_aware_and_in_utc():
    assert utc_now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("clock", "utc"),
    [
        ("00:00", datetime(2026, 11, 29, 20, 30, tzinfo=UTC)),
        ("09:45", datetime(2026, 11, 30, 6, 15, tzinfo=UTC)),
        ("23:59", datetime(2026, 11, 30, 20, 29, tzinfo=UTC)),
        ("24:00", datetime(2026, 11, 30, 20, 30, tzinfo=UTC)),
    ],
)
def test_a_clock_time_in_tehran_is_one_instant(clock, utc):
    at = at_tehran(MONDAY, clock)
    assert at == utc
    assert at.utcoffset() == timedelta(0)


@for_each(["9:45", "24:01", "25:00", "12:60", "12", "", "۰۹:۴۵", "09:45 ", "09:45\n", "+9:45"])
def test_other_forms_of_a_clock_time_are_refused(clock):
    with pytest.raises(ValueError, match="not a clock time"):
        at_tehran(MONDAY, clock)


def test_the_machines_own_table_of_zones_is_not_asked(tmp_path):
    """An old table has summer time, and would be found before the pinned one."""
    head = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, 0, 1, 4)
    zone = head + struct.pack(">lBB", 16200, 0, 0) + b"+04\0"
    folder = tmp_path / "Asia"
    folder.mkdir()
    (folder / "Tehran").write_bytes(zone + zone + b"\n<+0430>-4:30\n")
    asks = (
        "from datetime import date, datetime, UTC\n"
        "from zoneinfo import ZoneInfo\n"
        "old = datetime(2027, 7, 5, tzinfo=ZoneInfo('Asia/Tehran')).utcoffset()\n"
        "from publicmeeting.kit.clock import at_tehran\n"
        "new = datetime(2027, 7, 5, tzinfo=ZoneInfo('Asia/Tehran')).utcoffset()\n"
        "print(old, new, at_tehran(date(2027, 7, 5), '20:00'))\n"
    )
    printed = subprocess.run(
        [sys.executable, "-c", asks],
        env={**os.environ, "PYTHONTZPATH": str(tmp_path)},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert printed == "4:30:00 3:30:00 2027-07-05 16:30:00+00:00\n"


def test_the_summer_time_of_earlier_years_is_known():
    assert at_tehran(date(2022, 7, 1), "12:00").hour == 7
    assert at_tehran(date(2023, 7, 1), "12:00").hour == 8


def test_the_day_ends_where_the_next_begins():
    assert end_of_day(MONDAY) == at_tehran(MONDAY + timedelta(days=1))
    assert tehran_day(end_of_day(MONDAY)) == MONDAY + timedelta(days=1)
    assert tehran_day(end_of_day(MONDAY) - timedelta(microseconds=1)) == MONDAY


def test_an_evening_in_utc_is_already_the_next_day_in_tehran():
    assert tehran_day(datetime(2026, 11, 29, 21, 0, tzinfo=UTC)) == MONDAY


def test_a_time_without_a_zone_has_no_day():
    with pytest.raises(ValueError, match="time zone"):
        tehran_day(datetime(2026, 11, 30, 9, 0))  # noqa: DTZ001  (the fault under test)
