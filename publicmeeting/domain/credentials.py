"""What an official signs in with: which passwords are good enough, and who needs a second step.

No kind of sign is required, and none goes out of date by the calendar: both make people write
passwords down. A passphrase of a few words is welcome.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.roles import Grant, Role
from publicmeeting.domain.shipped import read_lines
from publicmeeting.kit import codes
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.kit.letters import clean, search_key

PASSWORD_LEAST = 12
"""Characters."""
_KINDS_LEAST = 5
"""Different characters; fewer are one pattern again and again."""
_LETTERS_LEAST = 4
"""Letters beside one or two common words that make a password one's own."""
_COMMON_WORDS = 2
"""So many common words may not be all of it; of three nobody guesses the order."""
_OWN_LEAST = 6
"""Letters and digits beside what everybody knows of the account."""
_OWN_WORD = 3
_CITY = ("tehran", "تهران", "shahrdari", "شهرداری", "mantaghe", "منطقه")
_WALKS = (
    *("0123456789", "1234567890", "abcdefghijklmnopqrstuvwxyz"),
    *("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertyuiopasdfghjklzxcvbnm"),
    *("1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm", "1q2w3e4r5t6y7u8i9o0p"),
    *("ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپو", "الفبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"),
)
"""Ways along a keyboard or an alphabet."""
_LATIN = "qwertyuiopasdfghjklzxcvbnm"
_PERSIAN = "ضصثقفغعهخحشسیبلاتنمظطزرذدپ"
_ON_PERSIAN, _ON_LATIN = str.maketrans(_LATIN, _PERSIAN), str.maketrans(_PERSIAN, _LATIN)
"""The same keys on the other layout: «شهرداری» typed on a Latin one is no better."""
_SIGNS_FOR_LETTERS = str.maketrans("@$!+013457", "asitoieast")
_NOT_LETTERS = re.compile(r"[\W\d_]")


def spelled(password: str) -> str:
    """A password as it is hashed and compared, whatever keyboard typed its letters and digits."""
    return ascii_digits(clean(password))


def check_password(password: str, own: Iterable[str] = ()) -> None:
    """Raise Invalid for a password nobody should have; `own` are the user name and the name of
    whoever chooses it.

    Keys: `password_short`, `password_plain` (few signs, or keys in a row), `password_common`,
    `password_own`.
    """
    typed = spelled(password)
    if len(typed) < PASSWORD_LEAST:
        raise Invalid("password_short", field="password", least=PASSWORD_LEAST)
    key = search_key(typed)
    if len(set(typed)) < _KINDS_LEAST or any(_is_along(key, walk) for walk in _WALKS):
        raise Invalid("password_plain", field="password")
    known = sorted({*_CITY, *_words(own)}, key=len, reverse=True)
    rest, found = _without(key, known)
    if found and len(rest) < _OWN_LEAST:
        raise Invalid("password_own", field="password")
    if any(_is_common(one) for one in _ways_to_read(typed, key)):
        raise Invalid("password_common", field="password")


def first_password(draw: Callable[[], str] = codes.password) -> str:
    """One by chance that is good enough.

    One in some hundred thousands spells a common word among nothing but digits, on the other
    keyboard for example; `check_password` would refuse it, so another is drawn.
    """
    while True:
        password = draw()
        try:
            check_password(password)
        except Invalid:
            continue
        return password


def _ways_to_read(typed: str, key: str) -> Iterator[str]:
    """The key as typed, with signs read as letters, and as other keyboards would have written."""
    lower = typed.lower()
    for one in dict.fromkeys((key, search_key(lower.translate(_SIGNS_FOR_LETTERS)))):
        yield one
        yield search_key(one.translate(_ON_PERSIAN))
        yield search_key(one.translate(_ON_LATIN))


def _is_common(key: str) -> bool:
    """Whether it is one or two common words, with or without digits, and hardly anything else."""
    rest, found = _without(key, _common())
    return 0 < len(found) <= _COMMON_WORDS and len(_NOT_LETTERS.sub("", rest)) < _LETTERS_LEAST


def _without(key: str, words: Iterable[str]) -> tuple[str, set[str]]:
    """What is left once these words are taken out, longest first, and which were there."""
    found = set()
    for word in words:
        if word in key:
            key = key.replace(word, " ")
            found.add(word)
    return key.replace(" ", ""), found


def _words(own: Iterable[str]) -> Iterator[str]:
    """The parts of names that somebody else may know."""
    for one in own:
        whole = search_key(one)
        parts = [search_key(part) for part in re.split(r"[\W\d_]+", clean(one))]
        yield from (part for part in {whole, *parts} if len(part) >= _OWN_WORD)


def _is_along(key: str, walk: str) -> bool:
    """Whether all of it goes along one way, forwards or backwards, and round again."""
    around = walk * (len(key) // len(walk) + 2)
    return key in around or key[::-1] in around


@functools.cache
def _common() -> tuple[str, ...]:
    return tuple(sorted(read_lines("common_passwords"), key=len, reverse=True))


# The second step of an official's sign-in: who must have one, and when it is not due.

OBLIGED = frozenset({Role.MAYOR, Role.DEPUTY, Role.OVERSEER, Role.ADMINISTRATOR})
"""Roles that never sign in by a password alone, where the city requires a second step."""
RECOVERY_CODES = 10
"""In one set; a new set replaces the old one."""
RECOVERY_DIGITS = 16
"""As many as on a bank card, in groups of four: anybody can read them from paper."""
TOTP_DIGITS = 6
REMEMBERED = timedelta(days=30)
"""How long a browser needs no second step for an account that has asked for that."""
FRESH = timedelta(minutes=15)
"""How long after signing in somebody may change by what he signs in."""
PASSKEYS_MOST = 10
KEY_NAME_MOST = 40
"""Characters of the name an official gives a passkey."""


def is_obliged(grants: Iterable[Grant]) -> bool:
    return any(grant.role in OBLIGED for grant in grants)
