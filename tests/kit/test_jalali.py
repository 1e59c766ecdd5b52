"""Jalali dates as they are shown and read."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.each import for_each

from publicmeeting.kit import jalali

NINTH_OF_AZAR = date(2026, 11, 30)
MORNING = datetime(2026, 11, 30, 6, 15, tzinfo=UTC)
DAYS = st.dates(date(1921, 3, 21), date(2122, 3, 20))


@for_each(
    [
        (jalali.day_words(NINTH_OF_AZAR), "دوشنبه ۹ آذر ۱۴۰۵"),
        (jalali.weekday_day(NINTH_OF_AZAR), "دوشنبه ۹ آذر"),
        (jalali.day_month(NINTH_OF_AZAR), "۹ آذر"),
        (jalali.iso(NINTH_OF_AZAR), "1405-09-09"),
        (jalali.clock_words(MORNING), "۹:۴۵"),
        (jalali.moment_words(MORNING), "دوشنبه ۹ آذر ۱۴۰۵، ۹:۴۵"),
    ]
)
def test_dates_are_written_as_people_write_them(shown, expected):
    assert shown == expected


@pytest.mark.parametrize("typed", ["۱۴۰۵/۰۹/۰۹", "1405-9-9", "\u200f1405 . 09 . 09", "۱۴۰۵۰۹۰۹"])
def test_a_day_is_read_as_it_is_typed_also_on_a_keypad_of_digits(typed: str) -> None:
    assert jalali.from_typed(typed) == NINTH_OF_AZAR


@pytest.mark.parametrize("typed", ["140599", "1405909", "14051309", "1405/9", "99/9/9", ""])
def test_what_may_be_another_day_or_none_is_not_read(typed: str) -> None:
    with pytest.raises(ValueError, match=r"not a Jalali date|must be in"):
        jalali.from_typed(typed)


def test_minutes_keep_their_zero_and_midnight_is_zero():
    assert jalali.clock_words(datetime(2026, 11, 29, 20, 35, tzinfo=UTC)) == "۰:۰۵"


def test_a_moment_belongs_to_the_day_in_tehran():
    night = datetime(2026, 11, 29, 21, 0, tzinfo=UTC)
    assert jalali.moment_words(night) == "دوشنبه ۹ آذر ۱۴۰۵، ۰:۳۰"


def test_the_week_has_its_names_and_letters():
    week = [date(2026, 11, 28 + step) for step in range(3)]
    week += [date(2026, 12, 1 + step) for step in range(4)]
    assert [jalali.weekday_letter(day) for day in week] == list("شیدسچپج")
    assert [jalali.weekday_name(day) for day in week] == [
        *("شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه"),
    ]


def test_months_have_names_from_one_to_twelve():
    assert jalali.month_name(1) == "فروردین"
    assert jalali.month_name(12) == "اسفند"
    for outside in (0, 13, -1):
        with pytest.raises(ValueError, match="no such month"):
            jalali.month_name(outside)


@given(DAYS)
def test_a_day_survives_the_way_there_and_back(day):
    assert jalali.from_iso(jalali.iso(day)) == day
    assert jalali.from_parts(*jalali.parts(day)) == day


@given(DAYS, DAYS)
def test_the_text_of_a_day_sorts_as_the_day(one, other):
    assert (jalali.iso(one) < jalali.iso(other)) == (one < other)


@for_each(["1405-9-9", "1405/09/09", "۱۴۰۵-۰۹-۰۹", "1405-09-09 ", "1405-09-09\n", "", "1405-00-01"])
def test_other_forms_of_a_date_are_refused(text):
    with pytest.raises(ValueError):
        jalali.from_iso(text)


def test_an_instant_is_not_a_day():
    with pytest.raises(TypeError, match="not an instant"):
        jalali.parts(MORNING)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_that_the_calendar_does_not_have_ends_no_page(day: date) -> None:
    assert jalali.from_iso(jalali.iso(day))
    assert jalali.parts(day)[0] in (1, 9377)
