"""Normalise Persian text from many keyboards for storage, search and sorting.

`clean` is for storage and preserves everything that a name needs (ة ؤ أ ئ and vowel marks).
`search_key` drops what a searcher cannot be expected to type.
"""

import re
import sys
import unicodedata
from collections.abc import Callable
from itertools import pairwise

from publicmeeting.kit.digits import ascii_digits

_ZWNJ = "\u200c"
_ZWJ = "\u200d"
_TATWEEL = "\u0640"
_EMPTY_LETTERS = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters and signs without ink: a name made of them would be invisible."""
_MARKS_MOST = 4
"""Maximum number of marks on one letter.

No living script needs more, and a tower of marks covers the neighbouring lines.
"""
_HAMZA_ABOVE = "\u0654"

_ONE_LETTER = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ك": "ک",
        "ہ": "ه",
        "ھ": "ه",
        "ە": "ه",
        "ۀ": "ه" + _HAMZA_ABOVE,
        "ۂ": "ه" + _HAMZA_ABOVE,
        "ٱ": "ا",
        _TATWEEL: None,
    }
    | dict(zip("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", strict=True))
)
_SAME_WHEN_SEARCHED = str.maketrans({"ة": "ه", "ء": None})
_ALPHABET = "ءآاأإبپتثجچحخدذرزژسشصضطظعغفقکگلمنوؤهةیئ"

_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_ZWNJ_AND_SPACES = re.compile(f" *{_ZWNJ}[ {_ZWNJ}]*")
_LINE_EDGES = re.compile(f"(?m)^[ {_ZWNJ}]+|[ {_ZWNJ}]+$")
_BETWEEN_WORDS = re.compile(rf"[^\w{_ZWNJ}{_ZWJ}]+|_")

# A name is written apart or together («علی رضا», «علیرضا»); a text this short matches both ways.
_WORDS_OF_A_NAME = 5

LEAST = 3
"""Minimum length of a word that is searched for, in letters."""


def clean(text: str) -> str:
    """Return text for storage: one code point per letter, no invisible control, lines preserved.

    Compatibility forms are decomposed (NFKC); Arabic yeh, kaf, heh and digits become Persian.
    Control and format characters are removed: bidirectional ones can reverse the words around them,
    and NUL stops a database. Letters without ink and all marks beyond the fourth on a letter are
    removed too. Whitespace becomes a single space, with none beside a zero-width non-joiner.
    """
    text = _LINE_END.sub("\n", text).translate(_CONTROLS)
    text = unicodedata.normalize("NFKC", text).translate(_ONE_LETTER)
    # Again, because a removed tatweel or a replaced letter may bring a mark next to its letter.
    text = _low(unicodedata.normalize("NFKC", text).translate(_ONE_LETTER))
    text = _SPACES.sub(" ", text)
    text = _ZWNJ_AND_SPACES.sub(_ZWNJ, text)
    return _LINE_EDGES.sub("", text).strip()


def search_key(text: str) -> str:
    """Return what two spellings of the same words share: letters and ASCII digits, no spaces."""
    return _letters_and_digits(_folded(text))


def search_words(text: str) -> list[str]:
    """Return the search key of each word, in order; a non-joiner does not separate words."""
    words = _BETWEEN_WORDS.split(_folded(text))
    return [key for word in words if (key := _letters_and_digits(word))]


def is_searchable(text: str) -> bool:
    """Whether any of its words is long enough to search for."""
    return any(len(word) >= LEAST for word in search_words(text))


def search_prefixes(text: str) -> set[str]:
    """Return everything a searcher may type to find this text: its words and their beginnings.

    Words shorter than `LEAST` letters count only as a whole. Parts of a word joined by a non-joiner
    count as words and, in a text as short as a name, so do two adjacent words written together.
    """
    words = search_words(text)
    entries = set(words) | set(search_words(clean(text).replace(_ZWNJ, " ")))
    if len(words) <= _WORDS_OF_A_NAME:
        entries |= {left + right for left, right in pairwise(words)}
    return entries | {word[:end] for word in entries for end in range(LEAST, len(word))}


def sort_key(text: str) -> tuple[int, ...]:
    """Return a key that sorts by the Persian alphabet; code points would put پ چ ژ ک گ ی last.

    Order: spaces, digits, Persian letters, other scripts. Marks and joiners are ignored.
    """
    return tuple(
        _rank(character)
        for character in ascii_digits(clean(text)).casefold()
        if unicodedata.category(character) not in ("Mn", "Cf")
    )


def sort_text(text: str) -> str:
    """Return `sort_key` as one compact string with the same order."""
    return "".join(chr(min(rank, sys.maxunicode)) for rank in sort_key(text))


def _rank(character: str) -> int:
    if character in _ALPHABET:
        return 0x100 + _ALPHABET.index(character)
    code = ord(character)
    return code if character.isascii() and not character.isalpha() else 0x1000 + code


class _Without(dict[int, int | None]):
    """A table for `str.translate` that caches its decision for each character.

    Texts are normalised in every request and every search; a Python loop over the letters would be
    the slowest part of either.
    """

    def __init__(self, is_thrown_out: Callable[[str], bool]) -> None:
        super().__init__()
        self._is_thrown_out = is_thrown_out

    def __missing__(self, code: int) -> int | None:
        found = self[code] = None if self._is_thrown_out(chr(code)) else code
        return found


_LEFT_IN = (_ZWNJ, _ZWJ, "\n", "\t")
_CONTROLS = _Without(
    lambda one: (
        one in _EMPTY_LETTERS
        or (one not in _LEFT_IN and unicodedata.category(one) in ("Cc", "Cf", "Cs"))
    )
)
_MARKS = _Without(lambda sign: unicodedata.category(sign) in ("Mn", "Me"))
_OTHERS = _Without(lambda sign: not sign.isalnum())


def _low(text: str) -> str:
    """Remove the marks that exceed the maximum of their letter, ignoring joiners between them."""
    if len(text) - len(text.translate(_MARKS)) <= _MARKS_MOST:
        return text
    marks, low = 0, []
    for sign in text:
        if sign not in (_ZWNJ, _ZWJ):
            marks = 0 if sign.translate(_MARKS) else marks + 1
        if marks <= _MARKS_MOST:
            low.append(sign)
    return "".join(low)


def _letters_and_digits(text: str) -> str:
    return text if text.isalnum() else text.translate(_OTHERS)


def _folded(text: str) -> str:
    """Return letters without marks: decomposed, marks removed, the rest spelled as by `clean`."""
    text = unicodedata.normalize("NFKD", clean(text)).casefold()
    text = unicodedata.normalize("NFKD", text)
    bare = text.translate(_MARKS)
    return ascii_digits(bare.translate(_ONE_LETTER).translate(_SAME_WHEN_SEARCHED))
