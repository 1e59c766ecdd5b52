"""Deadlines, actors, refusals and notices as people read them."""

from datetime import date

import pytest
from support.each import for_each

from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.kit.clock import at_tehran, end_of_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import shown
from publicmeeting.text.lifecycle.roles_text import who
from publicmeeting.text.notices.notices_text import notice
from publicmeeting.text.refusals.refusals_text import refusal

MONDAY = date(2026, 11, 30)  # 9 Azar 1405
SATURDAY = date(2026, 11, 28)
ANSWER_BY = at_tehran(SATURDAY, "20:00")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 29), "دیروز"),
        (MONDAY, "امروز"),
        (date(2026, 12, 1), "فردا"),
        (date(2026, 12, 7), "دوشنبه ۱۶ آذر"),
        (date(2027, 4, 5), "دوشنبه ۱۶ فروردین ۱۴۰۶"),
    ],
)
def test_a_near_day_is_called_by_its_nearness(day, words):
    assert dates_text.near_day(day, MONDAY) == words


def test_a_near_moment_keeps_its_clock():
    at = at_tehran(MONDAY, "12:01")
    assert dates_text.near_moment(at, at) == "امروز، ۱۲:۰۱"
    assert (
        dates_text.near_moment(at, at_tehran(date(2026, 12, 5), "08:00")) == "دوشنبه ۹ آذر، ۱۲:۰۱"
    )


def test_a_deadline_at_midnight_belongs_to_the_day_that_ends():
    assert dates_text.until_words(end_of_day(MONDAY)) == "تا پایان دوشنبه ۹ آذر"
    assert dates_text.until_words(ANSWER_BY) == "تا شنبه ۷ آذر، ساعت ۲۰:۰۰"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (at_tehran(date(2026, 11, 25), "12:00"), "۳ روز مانده"),
        (at_tehran(date(2026, 11, 27), "23:00"), "تا فردا"),
        (at_tehran(SATURDAY, "09:00"), "تا ساعت ۲۰:۰۰"),
        (ANSWER_BY, "مهلت گذشت"),
    ],
)
def test_the_time_left_is_told_in_days_and_at_last_by_the_clock(now, words):
    assert dates_text.left_words(ANSWER_BY, now) == words


def test_a_deadline_at_midnight_lasts_to_the_end_of_today():
    assert dates_text.left_words(end_of_day(MONDAY), at_tehran(MONDAY, "23:59")) == "تا پایان امروز"


def test_working_days_left_and_late():
    due_on = date(2026, 12, 21)
    assert dates_text.working_left_words(due_on, date(2026, 12, 8)) == "۹ روز کاری مانده"
    assert dates_text.working_left_words(due_on, due_on) == "تا پایان امروز"
    assert dates_text.late_words(3) == "۳ روز کاری دیرکرد"


@for_each(
    [
        (date(2027, 3, 20), "سه‌شنبه ۱۰ آذر", "از ۱۸ آبان تا ۴ آذر"),
        (date(2027, 3, 21), "سه‌شنبه ۱۰ آذر ۱۴۰۵", "از ۱۸ آبان تا ۴ آذر ۱۴۰۵"),
    ]
)
def test_from_nowruz_on_a_day_of_last_year_has_its_year(today: date, day: str, span: str):
    dates = dates_text.DateWords(at_tehran(today, "09:00"))
    assert dates.day(at_tehran(date(2026, 12, 1), "12:00")) == day
    assert dates.until(end_of_day(date(2026, 12, 1))) == f"تا پایان {day}"
    assert dates.until(at_tehran(date(2026, 12, 1), "20:00")) == f"تا {day}، ساعت ۲۰:۰۰"
    assert dates.span(date(2026, 11, 9), date(2026, 11, 25)) == span


def test_counts_need_no_plural():
    assert (dates_text.weeks(2), dates_text.people(1200), dates_text.times(3)) == (
        "۲ هفته",
        "۱٬۲۰۰ نفر",
        "۳ بار",
    )
    assert dates_text.hours("09:00", "09:30") == "از ۹:۰۰ تا ۹:۳۰"


@for_each(
    [
        (Role.CITIZEN, Action.SUBMIT, True, "شما"),
        (Role.CITIZEN, Action.SUBMIT, False, "شهروند"),
        (Role.DESK, Action.ACCEPT, True, "میز خدمت منطقهٔ ۶"),
        (Role.UNIT, OrderAction.TAKE_ON, True, "واحد مسئول در منطقهٔ ۶"),
        (Role.CLOCK, Action.SEAT, True, "قرعهٔ علنی"),
        (Role.CLOCK, Action.OFFER, True, "فهرست ذخیره"),
        (Role.CLOCK, Action.LAPSE_SEAT, True, "سامانه"),
        (Role.CLOCK, OrderAction.SETTLE, True, "سامانه"),
        (Role.OVERSEER, Action.ANSWER_OBJECTION, True, "ناظر شهر"),
        (Role.JUDGE, Action.JUDGE_NO_SHOW, True, "کارشناس داور"),
    ]
)
def test_the_timeline_says_who_without_a_name(role, action, own, words):
    assert who(role, 6, action, own=own) == words


def test_a_refusal_shows_its_numbers_in_persian_digits():
    assert refusal("text_too_long", limit=4000, length=4012, field="note") == (
        "این نوشته ۴۰۱۲ حرف است. آن را تا ۴۰۰۰ حرف کوتاه کنید."
    )
    assert "۰۵۰۶۱۲۳۴۵۷" in refusal("one_live_request", code="0506123457")


def test_a_refusal_of_a_kind_has_its_own_sentence_where_there_is_one():
    assert refusal("photo_kind", kind="pdf") == "فایل PDF پذیرفته نمی‌شود. از برگه عکس بگیرید."
    assert refusal("photo_kind", kind="tiff") == refusal("photo_kind", kind="")


def test_a_refusal_nobody_wrote_a_sentence_for_is_a_fault():
    with pytest.raises(KeyError):
        refusal("because")


def test_facts_keep_hashes_and_isolate_numbers_with_a_hyphen():
    assert shown("7c1e90ab") == "7c1e90ab"
    assert shown("14050909067-2") == "\u2066۱۴۰۵۰۹۰۹۰۶۷-۲\u2069"
    assert shown(22) == shown("22") == "۲۲"


def test_an_invitation_by_sms_tells_all_she_must_know():
    facts = {
        "code": "0506123457",
        "day": "دوشنبه ۹ آذر",
        "time": "۹:۴۵",
        "until": dates_text.until_words(ANSWER_BY),
        "log": "70419082",
    }
    assert notice(Action.SEAT, Role.CITIZEN, **facts).sms == (
        "درخواست ملاقات ۰۵۰۶۱۲۳۴۵۷: نوبت دوشنبه ۹ آذر، ۹:۴۵. "
        "می‌آیید؟ پاسخ: سایت یا ۱۳۷، تا شنبه ۷ آذر، ۲۰:۰۰. رسید دفتر: \u206670419082\u2069"
    )


def test_nobody_is_told_what_the_tables_do_not_tell():
    with pytest.raises(KeyError):
        notice(Action.ARRIVE, Role.CITIZEN)
