"""Numbers and words a stranger must not guess, and what a ticket is made of."""

import re
import secrets
from collections.abc import Callable, Collection

from publicmeeting.kit import randomness

_TRACKING = re.compile(r"[0-9]{10}")
_SIX_DIGITS = 10**6
_PLAIN_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without l and 1, o and 0, i."""

# Damm's quasigroup of order 10 (H. M. Damm, 2004): totally anti-symmetric, so the check digit
# catches every single wrong digit and every swap of two neighbours.
_DAMM = (
    *("0317598642", "7092154863", "4206871359", "1750983426", "6123045978"),
    *("3674209581", "5869720134", "8945362017", "9438617205", "2581436790"),
)


def tracking_code(
    jalali_year: int, district: int, rng: Callable[[int], int] = randomness.below
) -> str:
    """Ten ASCII digits: two of the year, two of the district, five random, one check digit.

    Digits only, so any keypad types it and no text direction turns it around. It can be guessed:
    looking a request up must ask for something more.
    """
    stem = f"{jalali_year % 100:02d}{district:02d}{rng(10**5):05d}"
    return stem + _check_digit(stem)


def last_tracking_code(
    jalali_year: int, district: int, taken: Callable[[str], Collection[str]]
) -> str | None:
    """A free code of a district that has nearly used up its year; None when there is none.

    `taken` gives the codes that begin with a year and a district.
    """
    begins = f"{jalali_year % 100:02d}{district:02d}"
    gone = {code[:9] for code in taken(begins)}
    free = [stem for at in range(10**5) if (stem := f"{begins}{at:05d}") not in gone]
    if not free:
        return None
    stem = free[randomness.below(len(free))]
    return stem + _check_digit(stem)


def is_tracking_code(text: str) -> bool:
    """Whether ten ASCII digits carry their right check digit; says nothing of existence."""
    return _TRACKING.fullmatch(text) is not None and _check_digit(text) == "0"


def district_in(code: str) -> int:
    """The district a tracking code was made for; the case itself may have moved since."""
    return int(code[2:4])


def one_time_code() -> str:
    """Six digits sent to a phone."""
    return f"{secrets.randbelow(_SIX_DIGITS):06d}"


def key_of_digits(count: int) -> str:
    """A key that a remote control or a keypad can type."""
    return f"{secrets.randbelow(10**count):0{count}d}"


def pin() -> str:
    """Six digits printed on paper, for people without a phone."""
    return f"{secrets.randbelow(_SIX_DIGITS):06d}"


def recovery_code(digits: int) -> str:
    """So many digits on paper, for a lost telephone."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"


def token(bytes: int = 32) -> str:  # noqa: A002  (the word its callers use)
    """A secret safe in addresses and cookies, of that many random bytes."""
    return secrets.token_urlsafe(bytes)


def password(rng: Callable[[int], int] = randomness.below) -> str:
    """Sixteen letters and digits in fours, none like another: it is read from paper, once."""
    signs = [_PLAIN_SIGNS[rng(len(_PLAIN_SIGNS))] for _ in range(16)]
    return "-".join("".join(signs[at : at + 4]) for at in range(0, 16, 4))


def salt() -> str:
    """64 lower-case hex digits."""
    return randomness.hex_digits(64)


def draw_value() -> str:
    """What the city commits to for one Monday's draws: 64 lower-case hex digits."""
    return randomness.hex_digits(64)


def _check_digit(digits: str) -> str:
    """Over digits that already end with their check digit the answer is "0"."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)
