"""Tracking codes detect typing errors and cannot be guessed."""

import re

from hypothesis import given
from hypothesis import strategies as st
from support.each import for_each

from publicmeeting.kit.codes import (
    is_tracking_code,
    last_tracking_code,
    random_digits,
    salt,
    token,
    tracking_code,
)

YEARS = st.integers(1400, 1499)
DISTRICTS = st.integers(1, 22)
RANDOMS = st.integers(0, 99_999)
CODES = st.builds(
    lambda year, district, drawn: tracking_code(year, district, rng=lambda _: drawn),
    YEARS,
    DISTRICTS,
    RANDOMS,
)


def test_a_tracking_code_tells_year_and_district():
    code = tracking_code(1405, 6, rng=lambda bound: bound - 1)
    assert code.startswith("050699999")
    assert re.fullmatch("[0-9]{10}", code)
    assert is_tracking_code(code)


def test_the_last_free_code_of_a_year_is_found_and_after_it_none():
    every = {tracking_code(1405, 6, rng=lambda _, at=at: at) for at in range(100_000)}
    left = tracking_code(1405, 6, rng=lambda _: 41_977)
    begun = []

    def taken(begins, codes):
        begun.append(begins)
        return codes

    assert last_tracking_code(1405, 6, lambda begins: taken(begins, every - {left})) == left
    assert last_tracking_code(1405, 6, lambda begins: taken(begins, every)) is None
    assert begun == ["0506", "0506"]


@given(CODES, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(code, place, shift):
    wrong = str((int(code[place]) + shift) % 10)
    assert is_tracking_code(code)
    assert not is_tracking_code(code[:place] + wrong + code[place + 1 :])


@given(CODES, st.integers(0, 8))
def test_two_neighbours_swapped_are_noticed(code, place):
    left, right = code[place], code[place + 1]
    swapped = code[:place] + right + left + code[place + 2 :]
    assert is_tracking_code(swapped) == (left == right)


@for_each(["", "123", "۰۵۰۶۹۹۹۹۹۰", "05069999901", "05069999 9", "abcdefghij"])
def test_other_texts_are_no_tracking_codes(text):
    assert not is_tracking_code(text)


def test_secrets_have_their_form_and_differ():
    for make, form in [
        (random_digits, "[0-9]{6}"),
        (lambda: random_digits(20), "[0-9]{20}"),
        (salt, "[0-9a-f]{64}"),
        (token, "[A-Za-z0-9_-]{43}"),
    ]:
        made = [make() for _ in range(20)]
        assert all(re.fullmatch(form, one) for one in made)
        assert len(set(made)) > 1


def test_a_token_is_as_long_as_asked():
    assert len(token(16)) == 22
