"""Streets, squares and stations by the table a city has given: nothing is ours and nothing guessed.

A long street lies in several districts; each is an answer, and the citizen chooses.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from publicmeeting.domain.districts import DISTRICTS, INSIDE_A_WORD, Name, Place, PlaceKind
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.kit.letters import clean, search_words

LONGEST = 80
"""Letters of a name or of its source."""
KINDS = (PlaceKind.STREET, PlaceKind.SQUARE, PlaceKind.STATION)

# What people write before a name, or leave out; the first is put before a name that has none.
_CALLED: Mapping[PlaceKind, tuple[str, ...]] = {
    PlaceKind.STREET: ("خیابان", "بلوار", "بزرگراه", "اتوبان", "کوچه", "جاده", "خ"),
    PlaceKind.SQUARE: ("میدان", "میدون", "فلکه"),
    PlaceKind.STATION: ("ایستگاه مترو", "ایستگاه متروی", "ایستگاه", "مترو", "متروی"),
}
_KIND_OF_PREFIX = {
    tuple(search_words(called)): kind for kind, names in _CALLED.items() for called in names
}
_PREFIXES = tuple("".join(words) for words in _KIND_OF_PREFIX)
_LONGEST_PREFIX = max(map(len, _KIND_OF_PREFIX))
_BETWEEN_NUMBERS = re.compile(r"[\s;,،/|+]+")


class Wrong(StrEnum):
    """Why a line of the table is none."""

    NAMELESS = "nameless"
    KIND = "kind"
    DISTRICTS = "districts"
    UNKNOWN_DISTRICT = "unknown_district"
    SOURCELESS = "sourceless"
    LONG = "long"


class BadLineError(ValueError):
    """A line that cannot be read, and which of its words."""

    def __init__(self, why: Wrong, what: str = "") -> None:
        super().__init__(why, what)
        self.why, self.what = why, what


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """One line of the table."""

    name: str
    kind: PlaceKind
    districts: tuple[int, ...]
    source: str


def named_place(name: str, kind: str, districts: str, source: str) -> NamedPlace:
    """As a table has it: several districts with signs between them, digits of any keyboard.

    BadLineError for anything else.
    """
    name, source = clean(name), clean(source)
    if not search_words(name):
        raise BadLineError(Wrong.NAMELESS)
    if kind.strip().lower() not in KINDS:
        raise BadLineError(Wrong.KIND, kind)
    if not source:
        raise BadLineError(Wrong.SOURCELESS)
    if max(len(name), len(source)) > LONGEST:
        raise BadLineError(Wrong.LONG)
    named = PlaceKind(kind.strip().lower())
    return NamedPlace(name, named, _numbers(districts), source)


def _numbers(text: str) -> tuple[int, ...]:
    found: set[int] = set()
    for word in filter(None, _BETWEEN_NUMBERS.split(ascii_digits(text))):
        if not (word.isascii() and word.isdecimal()):
            raise BadLineError(Wrong.DISTRICTS, text)
        if int(word) not in range(1, len(DISTRICTS) + 1):
            raise BadLineError(Wrong.UNKNOWN_DISTRICT, word)
        found.add(int(word))
    if not found:
        raise BadLineError(Wrong.DISTRICTS, text)
    return tuple(sorted(found))


def called(name: str, kind: PlaceKind) -> str:
    """The name as it is shown: with what it is, where it does not say so itself."""
    said, _ = _without_prefix(search_words(name))
    return name if said is kind else f"{_CALLED[kind][0]} {name}"


class Gazetteer:
    """The table, prepared for searching."""

    def __init__(self, places: Iterable[NamedPlace]) -> None:
        self._entries = [_Entry.of(one) for one in places]

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, query: str) -> Iterator[tuple[int, Name]]:
        """How unlike the query each fitting place is, as `Name.distance` says.

        «خیابان» and the like may be left out or be another word of its kind; written, they leave
        only that kind. Letters inside a word find nothing here: of so many names they would find
        hundreds.
        """
        words = search_words(query)
        kind, rest = _without_prefix(words)
        whole, bare = "".join(words), "".join(rest)
        if any(prefix.startswith(whole) for prefix in _PREFIXES):
            return  # «خیابا» is the beginning of thousands
        for one in self._entries:
            if bare not in one.whole.key:
                continue
            distance = one.whole.distance(whole)
            if kind in (None, one.kind):
                distance = min(distance, one.bare.distance(bare))
            if distance < INSIDE_A_WORD:
                yield from ((distance, name) for name in one.names)


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: PlaceKind
    whole: Name
    bare: Name
    names: tuple[Name, ...]
    """One for each district."""

    @classmethod
    def of(cls, place: NamedPlace) -> "_Entry":
        words = search_words(place.name)
        said, rest = _without_prefix(words)
        if said is not place.kind:
            words, rest = [*search_words(_CALLED[place.kind][0]), *words], words
        shown = called(place.name, place.kind)
        names = tuple(Name.of(Place(shown, at, place.kind), words) for at in place.districts)
        return cls(place.kind, names[0], Name.of(names[0].place, rest), names)


def _without_prefix(words: list[str]) -> tuple[PlaceKind | None, list[str]]:
    """What kind the first words say it is, if any, and the words after them."""
    for length in range(min(_LONGEST_PREFIX, len(words) - 1), 0, -1):
        kind = _KIND_OF_PREFIX.get(tuple(words[:length]))
        if kind is not None:
            return kind, words[length:]
    return None, words
