"""The moments of a week in Tehran's time, in winter and summer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from support.each import for_each

from publicmeeting.domain.errors import Invalid
from publicmeeting.kit.clock import at_tehran
from publicmeeting.turns.rules.announced import DEFAULT_RULES
from publicmeeting.turns.rules.week import Week, first_monday

MONDAY = date(2026, 11, 30)  # 9 Azar 1405
WEEK = Week(MONDAY, DEFAULT_RULES)


def tehran(text):
    """Return the moment at which clocks in Tehran show `2026-11-24 12:00`."""
    day, clock = text.split()
    return at_tehran(date.fromisoformat(day), clock)


@for_each(
    [
        ("opens_at", "2026-11-09 00:00"),
        ("filing_closes_at", "2026-11-21 24:00"),
        ("freeze_at", "2026-11-24 12:00"),
        ("objections_until", "2026-11-24 20:00"),
        ("reveals_from", "2026-11-24 20:00"),
        ("reveals_until", "2026-11-24 22:00"),
        ("draw_by", "2026-11-25 20:00"),
        ("answer_by", "2026-11-28 20:00"),
        ("standby_until", "2026-11-29 20:00"),
    ]
)
def test_a_time_of_the_week_of_9_azar_is_where_the_rule_puts_it(name, wall):
    assert getattr(WEEK, name) == tehran(wall)


def test_filing_closes_on_a_saturday_the_freeze_is_on_a_tuesday_and_the_draw_on_a_wednesday():
    eve_of_closing = WEEK.filing_closes_at - timedelta(seconds=1)
    zone = timedelta(hours=3, minutes=30)
    days = [(at + zone).strftime("%A") for at in (eve_of_closing, WEEK.freeze_at, WEEK.draw_by)]
    assert days == ["Saturday", "Tuesday", "Wednesday"]


@pytest.mark.parametrize("monday", [date(2026, 7, 6), date(2026, 11, 30), date(2027, 3, 22)])
def test_noon_in_tehran_is_half_past_eight_utc_all_year(monday):
    freeze_at = Week(monday, DEFAULT_RULES).freeze_at
    assert freeze_at == datetime.combine(
        monday - timedelta(days=6), datetime.min.time(), UTC
    ) + timedelta(hours=8, minutes=30)
    assert freeze_at.utcoffset() == timedelta()


def test_the_value_comes_on_a_trading_day_after_its_session():
    days = WEEK.value_days
    assert [day.strftime("%A") for day in days] == ["Wednesday", "Saturday", "Sunday"]
    for day, wall in zip(days, ("2026-11-25", "2026-11-28", "2026-11-29"), strict=True):
        assert WEEK.session_at(day) == tehran(f"{wall} 09:00")
        assert WEEK.value_from(day) == tehran(f"{wall} 14:00")
        assert WEEK.value_until(day) == tehran(f"{wall} 20:00")


@for_each(
    [
        ("2026-11-24 12:00", 0),
        ("2026-11-24 12:10", 0),
        ("2026-11-24 12:11", 11),
        ("2026-11-24 15:00", 180),
    ]
)
def test_a_freeze_moves_what_hangs_on_it_only_when_it_is_late(frozen, minutes):
    assert WEEK.delay(tehran(frozen)) == timedelta(minutes=minutes)


def test_the_times_are_those_of_the_rules_and_not_of_the_code():
    freeze = {"days_before": 7, "at": "09:00"}
    body = {**DEFAULT_RULES, "week": {**DEFAULT_RULES["week"], "freeze": freeze}}
    assert Week(MONDAY, body).freeze_at == tehran("2026-11-23 09:00")


@for_each(
    [
        None,
        [],
        {},
        {"freeze": None},
        {"freeze": {"days_before": 6}},
        {"freeze": {"days_before": "6", "at": "12:00"}},
        {"freeze": {"days_before": -6, "at": "12:00"}},
        {"freeze": {"days_before": 10**9, "at": "12:00"}},
        {"freeze": {"days_before": 6, "at": "12:60"}},
    ]
)
def test_rules_that_do_not_name_a_time_are_refused_by_its_name(week):
    with pytest.raises(Invalid) as refusal:
        _ = Week(MONDAY, {"week": week}).freeze_at
    assert (refusal.value.key, refusal.value.field) == ("rules_malformed", "week.freeze")


def test_another_day_is_no_monday():
    with pytest.raises(ValueError):
        Week(date(2026, 12, 1), DEFAULT_RULES)


@for_each(
    [
        ("2026-11-26 10:00", "2026-11-26 12:00"),
        ("2026-11-26 18:00", "2026-11-26 20:00"),
        ("2026-11-26 19:00", "2026-11-27 09:00"),
        ("2026-11-26 20:00", "2026-11-27 10:00"),
        ("2026-11-26 23:59", "2026-11-27 10:00"),
        ("2026-11-27 03:00", "2026-11-27 10:00"),
        ("2026-11-27 08:00", "2026-11-27 10:00"),
        ("2026-11-28 19:59", "2026-11-29 09:59"),
        ("2026-11-29 18:00", "2026-11-29 20:00"),
        ("2026-11-29 19:30", "2026-11-29 20:00"),
        ("2026-11-29 20:00", "2026-11-29 20:00"),
        ("2026-11-29 22:00", "2026-11-29 20:00"),
    ]
)
def test_an_offer_stands_two_hours_of_day_and_never_past_sunday_evening(start, end):
    assert WEEK.offer_ends_at(tehran(start)) == tehran(end)


def test_an_offer_longer_than_a_day_goes_on_the_next_days():
    body = {**DEFAULT_RULES, "offers": {"hours": 25, "from": "08:00", "until": "20:00"}}
    assert Week(MONDAY, body).offer_ends_at(tehran("2026-11-26 10:00")) == tehran(
        "2026-11-28 11:00"
    )


@pytest.mark.parametrize("offers", [None, {}, {"hours": 2, "from": "8", "until": "20:00"}])
def test_rules_without_offer_hours_are_refused(offers):
    with pytest.raises(Invalid) as refusal:
        Week(MONDAY, {**DEFAULT_RULES, "offers": offers}).offer_ends_at(tehran("2026-11-26 10:00"))
    assert refusal.value.field == "offers"


@for_each(
    [
        ("2026-11-15 00:00", "2026-11-30"),  # Sunday, the first instant of the filing week
        ("2026-11-18 11:00", "2026-11-30"),
        ("2026-11-21 23:59", "2026-11-30"),  # Saturday, the last minute
        ("2026-11-21 24:00", "2026-12-07"),
        ("2026-11-23 09:00", "2026-12-07"),  # on a Monday
        ("2026-11-24 11:00", "2026-12-07"),  # before the freeze, and yet in the next line
        ("2026-11-28 23:59", "2026-12-07"),
    ]
)
def test_a_request_joins_the_first_line_that_closed_after_it_was_filed(filed, monday):
    assert first_monday(tehran(filed), DEFAULT_RULES) == date.fromisoformat(monday)
