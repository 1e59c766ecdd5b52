"""Generate codes, tokens, passwords and salts that strangers must not guess."""

import re
import secrets
from collections.abc import Callable, Collection

from publicmeeting.kit import randomness

_TRACKING = re.compile(r"[0-9]{10}")
_PLAIN_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits without the confusable l, 1, o, 0 and i."""

# Damm's quasigroup of order 10 (H. M. Damm, 2004). It is totally anti-symmetric, so the check digit
# detects every single wrong digit and every swap of adjacent digits.
_DAMM = (
    *("0317598642", "7092154863", "4206871359", "1750983426", "6123045978"),
    *("3674209581", "5869720134", "8945362017", "9438617205", "2581436790"),
)


def tracking_code(
    jalali_year: int, district: int, rng: Callable[[int], int] = randomness.below
) -> str:
    """Return ten ASCII digits: two of the year, two of the district, five random, one check digit.

    Digits can be typed on any keypad and do not change with the text direction. The code can be
    guessed: a lookup must ask for something more.
    """
    stem = f"{jalali_year % 100:02d}{district:02d}{rng(10**5):05d}"
    return stem + _check_digit(stem)


def last_tracking_code(
    jalali_year: int, district: int, taken: Callable[[str], Collection[str]]
) -> str | None:
    """Return a free code of a district that has nearly used up its year, or None.

    `taken` returns the codes that begin with a given year and district.
    """
    begins = f"{jalali_year % 100:02d}{district:02d}"
    gone = {code[:9] for code in taken(begins)}
    free = [stem for at in range(10**5) if (stem := f"{begins}{at:05d}") not in gone]
    if not free:
        return None
    stem = free[randomness.below(len(free))]
    return stem + _check_digit(stem)


def is_tracking_code(text: str) -> bool:
    """Whether it is ten ASCII digits with the right check digit; the code need not exist."""
    return _TRACKING.fullmatch(text) is not None and _check_digit(text) == "0"


def district_in(code: str) -> int:
    """Return the district that a code was made for; the case may have moved since."""
    return int(code[2:4])


def random_digits(count: int = 6) -> str:
    """Return random digits: a code for a phone, a PIN or a recovery code on paper, a key."""
    return f"{secrets.randbelow(10**count):0{count}d}"


def token(bytes: int = 32) -> str:  # noqa: A002  (the word its callers use)
    """Return a secret of that many random bytes, safe in URLs and cookies."""
    return secrets.token_urlsafe(bytes)


def password() -> str:
    """Return sixteen letters and digits in groups of four, without confusable signs.

    It is read from paper, once.
    """
    signs = [_PLAIN_SIGNS[randomness.below(len(_PLAIN_SIGNS))] for _ in range(16)]
    return "-".join("".join(signs[at : at + 4]) for at in range(0, 16, 4))


def salt() -> str:
    """Return 64 lower-case hex digits."""
    return randomness.hex_digits(64)


def draw_value() -> str:
    """Return the value that the city commits to for a Monday's draws: 64 lower-case hex digits."""
    return randomness.hex_digits(64)


def _check_digit(digits: str) -> str:
    """Return the check digit; "0" if the digits already end with theirs."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)
