"""Random numbers come from the system, except in the seeder."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from publicmeeting.kit import randomness
from publicmeeting.kit.codes import draw_value, random_digits, salt, token


def dealt() -> tuple[str, str, int]:
    return salt(), draw_value(), randomness.below(10**9)


def test_the_same_seed_deals_the_same():
    rounds = []
    for seed in (7, 7, 8):
        with randomness.repeated(seed):
            rounds.append(dealt())
    assert rounds[0] == rounds[1] != rounds[2]


def test_nothing_of_the_seed_is_left_afterwards():
    with randomness.repeated(7):
        inside = dealt()
    assert dealt() != inside
    with pytest.raises(RuntimeError), randomness.repeated(7):
        raise RuntimeError
    assert dealt() != inside


def test_another_thread_has_no_part_in_it():
    with ThreadPoolExecutor(1) as elsewhere:
        with randomness.repeated(7):
            inside, outside = dealt(), elsewhere.submit(dealt).result()
        assert outside != inside


@pytest.mark.parametrize("secret", [token, lambda: random_digits(20)])
def test_what_opens_a_door_is_never_dealt_from_a_seed(secret):
    made = []
    for _ in range(2):
        with randomness.repeated(7):
            made.append(secret())
    assert made[0] != made[1]


@pytest.mark.parametrize("count", [1, 32, 64])
def test_hex_digits_keep_their_zeros(count):
    with randomness.repeated(7):
        digits = [randomness.hex_digits(count) for _ in range(50)]
    assert {len(digit) for digit in digits} == {count}
    assert set("".join(digits)) <= set("0123456789abcdef")
