"""Digits and numbers for Persian readers."""

import pytest

from publicmeeting.kit.digits import (
    ascii_digits,
    bare,
    grouped,
    is_code,
    persian,
    whole_number,
    without_marks,
)


def test_every_known_digit_is_shown_as_persian():
    assert persian(1405) == "۱۴۰۵"
    assert persian("9:45 / ٤٥") == "۹:۴۵ / ۴۵"


def test_persian_and_arabic_digits_become_ascii():
    assert ascii_digits("۰۱۲۳۴۵۶۷۸۹ ٠١٢٣٤٥٦٧٨٩") == "0123456789 0123456789"


@pytest.mark.parametrize("sign", ["²", "①", "९", "Ⅷ", "½"])
def test_other_signs_of_number_stay_what_they_are(sign):
    assert ascii_digits(sign) == sign


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "۰"), (999, "۹۹۹"), (1234, "۱٬۲۳۴"), (8693706, "۸٬۶۹۳٬۷۰۶")]
)
def test_thousands_are_grouped(number, shown):
    assert grouped(number) == shown


def test_what_is_pasted_loses_its_invisible_marks_and_what_stands_between_groups():
    pasted = "\u2066۰۵۰۶-۸۴۱\u00a0\u200c۵۹۶\u2069\u200f"
    assert without_marks(pasted) == "0506-841596"
    assert bare(f"+{pasted}–1") == "+05068415961"


def test_a_number_is_ascii_digits_and_not_too_many():
    assert [whole_number(text, 3) for text in ("0", "007", "999")] == [0, 7, 999]
    for text in ("", "1000", "9" * 5000, "۵", "²", "-1", "+1", " 1", "1\n", "1_0"):
        assert whole_number(text, 3) is None, text
    assert is_code("012345", 6)
    assert not any(is_code(text, 6) for text in ("12345", "1234567", "۰۱۲۳۴۵", ""))
