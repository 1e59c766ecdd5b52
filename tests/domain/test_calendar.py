"""Working days, deadlines and Mondays."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.each import for_each

from publicmeeting.domain import calendar
from publicmeeting.kit import jalali
from publicmeeting.kit.clock import at_tehran, end_of_day

HERE = Path(__file__).parent
VECTORS = json.loads((HERE / "vectors.json").read_text(encoding="utf-8"))
MONDAYS = json.loads((HERE / "mondays.json").read_text(encoding="utf-8"))
DAYS = st.dates(date(2026, 3, 21), date(2028, 12, 31))


def azar(day):
    return jalali.from_parts(1405, 9, day)


@for_each(VECTORS["jalali"].items())
def test_days_known_in_both_calendars_agree(gregorian, text):
    assert jalali.iso(date.fromisoformat(gregorian)) == text
    assert jalali.from_iso(text) == date.fromisoformat(gregorian)


@pytest.mark.parametrize("text", VECTORS["jalali_invalid"])
def test_days_the_calendar_does_not_have_are_refused(text):
    with pytest.raises(ValueError):
        jalali.from_iso(text)


def test_the_coming_mondays_are_those_of_the_published_list():
    days = [date.fromisoformat(one["gregorian"]) for one in MONDAYS]
    assert calendar.mondays(days[0], len(days)) == tuple(days)
    for day, monday in zip(days, MONDAYS, strict=True):
        assert jalali.iso(day) == monday["jalali"]
        assert jalali.day_words(day).replace("\u00a0", " ") == monday["label_fa"]
        assert calendar.is_meeting_monday(day) == ("holiday_fa" not in monday)


@for_each(
    [
        ("1405-09-07", True),  # Saturday
        ("1405-09-11", True),  # Wednesday
        ("1405-09-12", False),  # Thursday
        ("1405-09-13", False),  # Friday
        ("1405-10-02", False),  # a holiday on a Wednesday
        ("1406-01-05", False),  # Thursday after the new year
        ("1406-01-07", True),
    ]
)
def test_the_city_works_from_saturday_to_wednesday_less_holidays(text, works):
    assert calendar.is_working_day(jalali.from_iso(text)) == works


def test_a_holiday_has_a_name_and_other_days_have_none():
    assert calendar.holiday_name(jalali.from_parts(1406, 1, 1)) == "جشن نوروز"
    assert calendar.holiday_name(azar(9)) is None


def test_a_date_beyond_the_solar_calendar_is_no_fault():
    assert calendar.holiday_name(date.max) is None
    assert not calendar.is_meeting_monday(date.max)


@for_each(
    [
        ("1407-01-01", "جشن نوروز"),  # a Monday
        ("1407-01-04", "عید نوروز"),
        ("1408-12-29", "روز ملی شدن صنعت نفت ایران"),
        ("1408-12-30", "آخرین روز سال"),  # only a leap year has it
        ("1409-01-01", "جشن نوروز"),
        ("1407-01-05", None),
        ("1407-12-06", None),  # the end of Ramadan by calculation: by the moon, so not known
    ]
)
def test_after_the_table_the_fixed_days_of_the_solar_year_are_holidays(text, name):
    assert jalali.iso(calendar.HOLIDAYS_UNTIL) == "1406-12-29"
    day = jalali.from_iso(text)
    assert calendar.holiday_name(day) == name
    if name:
        assert not calendar.is_working_day(day)
        assert not calendar.is_meeting_monday(day)


def test_the_fixed_days_are_those_of_the_table():
    """A name may differ: a day can be a holiday for two reasons."""
    day = jalali.from_parts(1405, 1, 1)
    while day <= calendar.HOLIDAYS_UNTIL:
        assert jalali.parts(day)[1:] not in calendar._EVERY_YEAR or calendar.holiday_name(day), day
        day += timedelta(days=1)


@for_each(
    [
        ("1405-09-09", 0, "1405-09-09"),
        ("1405-09-09", 1, "1405-09-10"),
        ("1405-09-09", 3, "1405-09-14"),  # over Thursday and Friday
        ("1405-09-12", 1, "1405-09-14"),  # from a Thursday
        ("1405-10-01", 1, "1405-10-05"),  # over a holiday before the weekend
        ("1405-12-27", 1, "1406-01-07"),  # over the new year
        ("1405-09-09", 15, "1405-09-30"),
    ]
)
def test_working_days_are_counted_after_the_day_they_begin(start, n, end):
    assert jalali.iso(calendar.add_working_days(jalali.from_iso(start), n)) == end


def test_working_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="forward"):
        calendar.add_working_days(azar(9), -1)
    assert calendar.working_days_between(azar(10), azar(9)) == 0


@pytest.mark.parametrize(
    ("day", "found"), [("1405-09-09", "1405-09-09"), ("1405-09-12", "1405-09-14")]
)
def test_a_working_day_is_itself_and_another_becomes_the_next(day, found):
    assert jalali.iso(calendar.working_day_from(jalali.from_iso(day))) == found


@given(DAYS, st.integers(1, 40))
@settings(deadline=None)
def test_adding_and_counting_working_days_agree(day, n):
    end = calendar.add_working_days(day, n)
    assert calendar.is_working_day(end)
    assert calendar.working_days_between(day, end) == n


def test_a_deadline_ends_with_its_day_in_tehran():
    evening = at_tehran(azar(9), "23:59")
    assert calendar.deadline_working_days(evening, 2) == end_of_day(azar(11))
    assert calendar.deadline_days(evening, 10) == end_of_day(azar(19))
    # One minute later it is the next day in Tehran, but not yet in UTC.
    midnight = evening + timedelta(minutes=1)
    assert calendar.deadline_days(midnight, 10) == end_of_day(azar(20))
    assert calendar.deadline_days(midnight, 10) == datetime(2026, 12, 11, 20, 30, tzinfo=UTC)


@given(DAYS)
@settings(deadline=None)
def test_the_next_monday_is_never_today(day):
    monday = calendar.next_monday(day)
    assert monday.weekday() == 0
    assert 1 <= (monday - day).days <= 7


def test_a_list_of_mondays_may_begin_with_its_own_day():
    assert calendar.mondays(azar(9), 2) == (azar(9), azar(16))
    assert calendar.mondays(azar(10), 1) == (azar(16),)
    assert calendar.mondays(azar(10), 0) == ()


def test_a_meeting_needs_a_monday():
    assert calendar.is_meeting_monday(azar(9))
    assert not calendar.is_meeting_monday(azar(10))
