"""Rules for officials' passwords, and who needs a second step to sign in.

Passwords need no particular class of characters and never expire: either rule makes people write
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
"""Minimum length in characters."""
_KINDS_LEAST = 5
"""Minimum number of different characters; fewer form a repeated pattern."""
_LETTERS_LEAST = 4
"""Minimum number of other letters that a password with one or two common words needs."""
_COMMON_WORDS = 2
"""A password may not consist of this many common words; nobody guesses the order of three."""
_OWN_LEAST = 6
"""Minimum number of letters and digits beside facts that are publicly known of the account."""
_OWN_WORD = 3
_CITY = ("tehran", "تهران", "shahrdari", "شهرداری", "mantaghe", "منطقه")
_WALKS = (
    *("0123456789", "1234567890", "abcdefghijklmnopqrstuvwxyz"),
    *("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertyuiopasdfghjklzxcvbnm"),
    *("1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm", "1q2w3e4r5t6y7u8i9o0p"),
    *("ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپو", "الفبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"),
)
"""Sequences along a keyboard or an alphabet."""
_LATIN = "qwertyuiopasdfghjklzxcvbnm"
_PERSIAN = "ضصثقفغعهخحشسیبلاتنمظطزرذدپ"
_ON_PERSIAN, _ON_LATIN = str.maketrans(_LATIN, _PERSIAN), str.maketrans(_PERSIAN, _LATIN)
"""Translation between keyboard layouts: «شهرداری» typed on a Latin layout is just as weak."""
_SIGNS_FOR_LETTERS = str.maketrans("@$!+013457", "asitoieast")
_NOT_LETTERS = re.compile(r"[\W\d_]")


def spelled(password: str) -> str:
    """Normalise a password for hashing and comparing, independent of the keyboard that typed it."""
    return ascii_digits(clean(password))


def check_password(password: str, own: Iterable[str] = ()) -> None:
    """Raise Invalid if a password is too weak.

    `own` holds the user name and the name of the person who chooses the password. Keys:
    `password_short`, `password_plain` (few different characters, or keys in a row),
    `password_common`, `password_own`.
    """
    typed = spelled(password)
    if len(typed) < PASSWORD_LEAST:
        raise Invalid("password_short", field="password", least=PASSWORD_LEAST)
    key = search_key(typed)
    if len(set(typed)) < _KINDS_LEAST or any(_follows_walk(key, walk) for walk in _WALKS):
        raise Invalid("password_plain", field="password")
    known = sorted({*_CITY, *_words(own)}, key=len, reverse=True)
    rest, found = _without(key, known)
    if found and len(rest) < _OWN_LEAST:
        raise Invalid("password_own", field="password")
    if any(_is_common(reading) for reading in _ways_to_read(typed, key)):
        raise Invalid("password_common", field="password")


def first_password(draw: Callable[[], str] = codes.password) -> str:
    """Return a random password that `check_password` accepts.

    About one in several hundred thousand random passwords contains a common word and otherwise
    digits only, for example when read on the other keyboard layout. Such a password is drawn again.
    """
    while True:
        password = draw()
        try:
            check_password(password)
        except Invalid:
            continue
        return password


def _ways_to_read(typed: str, key: str) -> Iterator[str]:
    """Yield the key as typed, with signs read as letters, and as other layouts would write it."""
    lower = typed.lower()
    for reading in dict.fromkeys((key, search_key(lower.translate(_SIGNS_FOR_LETTERS)))):
        yield reading
        yield search_key(reading.translate(_ON_PERSIAN))
        yield search_key(reading.translate(_ON_LATIN))


def _is_common(key: str) -> bool:
    """Whether the key is one or two common words, with or without digits, and little else."""
    rest, found = _without(key, _common())
    return 0 < len(found) <= _COMMON_WORDS and len(_NOT_LETTERS.sub("", rest)) < _LETTERS_LEAST


def _without(key: str, words: Iterable[str]) -> tuple[str, set[str]]:
    """Remove these words from the key; return the rest, and the set of words found.

    The caller passes the longest words first.
    """
    found = set()
    for word in words:
        if word in key:
            key = key.replace(word, " ")
            found.add(word)
    return key.replace(" ", ""), found


def _words(own: Iterable[str]) -> Iterator[str]:
    """Yield the parts of names that somebody else may know."""
    for name in own:
        whole = search_key(name)
        parts = [search_key(part) for part in re.split(r"[\W\d_]+", clean(name))]
        yield from (part for part in {whole, *parts} if len(part) >= _OWN_WORD)


def _follows_walk(key: str, walk: str) -> bool:
    """Whether the whole key follows one sequence, forwards or backwards, also wrapping around."""
    around = walk * (len(key) // len(walk) + 2)
    return key in around or key[::-1] in around


@functools.cache
def _common() -> tuple[str, ...]:
    return tuple(sorted(read_lines("common_passwords"), key=len, reverse=True))


# The second step of an official's sign-in: who must have one, and when it is skipped.

OBLIGED = frozenset({Role.MAYOR, Role.DEPUTY, Role.OVERSEER, Role.ADMINISTRATOR})
"""Roles that never sign in by password alone if the city requires a second step."""
RECOVERY_CODES = 10
"""Number of recovery codes in one set; a new set replaces the old one."""
RECOVERY_DIGITS = 16
"""Digits of a recovery code: as many as on a bank card, in groups of four."""
TOTP_DIGITS = 6
REMEMBERED = timedelta(days=30)
"""How long a remembered browser needs no second step for an account."""
FRESH = timedelta(minutes=15)
"""How long after signing in an official may change credentials."""
PASSKEYS_MOST = 10
KEY_NAME_MOST = 40
"""Maximum length, in characters, of the name that an official chooses for a passkey."""


def is_obliged(grants: Iterable[Grant]) -> bool:
    return any(grant.role in OBLIGED for grant in grants)
