"""Rules of promises as pure functions: number, due date, pause."""

from datetime import date

import pytest
from support.each import for_each

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.orders.promises import (
    PROMISE_MOST,
    check_due_on,
    check_promise,
    default_due_on,
    first_sentence,
    number_prefix,
    order_numbers,
    paused_due_on,
    stem,
)

MONDAY = date(2026, 11, 30)  # 9 Azar 1405


def test_a_number_is_the_day_the_district_and_a_running_number():
    assert number_prefix(MONDAY, 6) == "1405090906"
    assert order_numbers("1405090906001", 1) == ("1405090906001",)
    assert order_numbers("1405090906001", 2) == ("1405090906001-1", "1405090906001-2")
    assert {stem(number) for number in order_numbers("1405090906001", 3)} == {"1405090906001"}


def test_the_default_is_fifteen_working_days():
    assert default_due_on(MONDAY) == date(2026, 12, 21)


@for_each(
    [
        ("", "due_on_unknown"),
        ("2026-13-01", "due_on_unknown"),
        ("2026-11-30", "due_on_past"),
        ("2026-12-03", "holiday"),  # a Thursday
        ("2027-06-12", "due_on_far"),
        ("2029-06-12", "due_on_too_far"),
        ("9999-12-29", "due_on_too_far"),
    ]
)
def test_a_due_date_is_a_coming_working_day_that_is_not_far(text, word):
    with pytest.raises(Invalid) as refusal:
        check_due_on(text, MONDAY, "")
    assert (refusal.value.key, refusal.value.field) == (word, "due_on")
    assert check_due_on("2026-12-02", MONDAY, "") == date(2026, 12, 2)
    assert check_due_on("2027-06-12", MONDAY, "دلیل") == date(2027, 6, 12)


def test_the_clock_stands_still_for_ten_days_at_most_and_ends_on_a_working_day():
    due = date(2026, 12, 21)
    assert paused_due_on(due, MONDAY) == date(2027, 1, 2)  # 31 December is a Thursday
    assert paused_due_on(due, date(2026, 12, 22)) == due


@for_each(
    [
        ("ترمیم شود. عکس بگیرید.", "ترمیم شود."),
        ("آیا می‌شود؟ بله.", "آیا می‌شود؟"),
        ("سطر نخست\nسطر دوم", "سطر نخست"),
        ("معاون محترم فنی\nجوی لایروبی شود.\nعکس بگیرید.", "جوی لایروبی شود."),
        ("معاون محترم فنی و عمران\nکوچه تا آذر آسفالت شود", "کوچه تا آذر آسفالت شود"),
        ("معاون محترم فنی\nپیاده‌رو تا آذر\nترمیم شود.", "پیاده‌رو تا آذر ترمیم شود."),
        ("مدیر محترم\n\nپیاده‌رو ترمیم شود\n\nبا احترام", "پیاده‌رو ترمیم شود"),
        ("مدیر محترم", "مدیر محترم"),
        ("تا ۱۵.۵ متر ترمیم شود", "تا ۱۵.۵ متر ترمیم شود"),
        ("  تنها  ", "تنها"),
        ("", ""),
    ]
)
def test_a_typed_order_promises_its_first_sentence(text, sentence):
    assert first_sentence(text) == sentence


def test_a_long_sentence_is_cut_between_two_words():
    promised = first_sentence("پیاده‌روی خیابان، " * 20)
    assert len(promised) <= PROMISE_MOST
    assert promised.endswith(("خیابان…", "پیاده‌روی…"))


def test_what_is_drawn_needs_a_promise_in_words():
    with pytest.raises(Invalid, match="promise_missing"):
        check_promise("", "متن. دیگر.", drawn=True)
    with pytest.raises(Invalid, match="promise_too_long"):
        check_promise("ا" * 161, "", drawn=False)
    assert check_promise("می‌شود.", "متن", drawn=True) == "می‌شود."
    assert check_promise("", "متن. دیگر.", drawn=False) == "متن."
