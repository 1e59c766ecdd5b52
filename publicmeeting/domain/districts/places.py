"""Search streets, squares and stations in the table that the city supplies.

A long street lies in several districts. Each of them is a result, and the citizen chooses.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import chain

from publicmeeting.domain.districts.city import DISTRICTS, PlaceKind
from publicmeeting.domain.districts.names import HOODS, Name, NearNames, Place
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.kit.letters import clean, search_words

LONGEST = 80
"""Maximum length, in letters, of a name or of its source."""
KINDS = (PlaceKind.STREET, PlaceKind.SQUARE, PlaceKind.STATION)

# Prefixes that people write before a name or omit. The first one is added to a name without any.
_CALLED: Mapping[PlaceKind, tuple[str, ...]] = {
    PlaceKind.STREET: ("خیابان", "بلوار", "بزرگراه", "اتوبان", "کوچه", "جاده", "خ"),
    PlaceKind.SQUARE: ("میدان", "میدون", "فلکه"),
    PlaceKind.STATION: ("ایستگاه مترو", "ایستگاه متروی", "ایستگاه", "مترو", "متروی"),
}
_KIND_OF_PREFIX = {
    tuple(search_words(called)): kind for kind, names in _CALLED.items() for called in names
}
_FIRST_WORDS = {kind: search_words(names[0]) for kind, names in _CALLED.items()}
_PREFIXES = tuple("".join(words) for words in _KIND_OF_PREFIX)
_LONGEST_PREFIX = max(map(len, _KIND_OF_PREFIX))
_QUARTER = {tuple(search_words(one)) for one in ("محله", "محله ی", "محله‌ی", "منطقه")}
"""Words that people write before the name of a neighbourhood."""
SUGGESTED = 5
"""Maximum number of similar places."""
_LEAST = 2
"""Minimum number of letters of a query."""
_LOOKED_AT = 100
"""Maximum number of names of one kind that are compared for a query.

A longer query narrows the search.
"""
_BETWEEN_NUMBERS = re.compile(r"[\s;,،/|+]+")


class Wrong(StrEnum):
    """Why a line of the table is rejected."""

    NAMELESS = "nameless"
    KIND = "kind"
    DISTRICTS = "districts"
    UNKNOWN_DISTRICT = "unknown_district"
    SOURCELESS = "sourceless"
    LONG = "long"


class BadLineError(ValueError):
    """A line that cannot be parsed, with the reason and the offending word."""

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
    """Parse one line; `districts` are separated by any sign, with digits of any keyboard.

    Raises BadLineError.
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
    """Return the name for display, with the prefix of its kind if it has none."""
    prefix_kind, _ = _without_prefix(search_words(name))
    return name if prefix_kind is kind else f"{_CALLED[kind][0]} {name}"


class Gazetteer:
    """The table, prepared for searching."""

    def __init__(self, places: Iterable[NamedPlace]) -> None:
        entries = defaultdict[PlaceKind, list[_Entry]](list)
        for place in places:
            entries[place.kind].append(_Entry.of(place))
        self._size = sum(map(len, entries.values()))
        self._entries = tuple(chain.from_iterable(entries.values()))
        self._by_kind = {kind: _Beginnings(of_it) for kind, of_it in entries.items()}

    def __len__(self) -> int:
        return self._size

    def find(self, query: str) -> Iterator[tuple[int, Name]]:
        """Yield matching places with their distances from the query (`Name.distance`).

        «خیابان» and other prefixes may be omitted or replaced by another word of the same kind; a
        typed prefix restricts the search to its kind. Letters inside a word do not match, because
        with so many names they would match hundreds; a single letter does not match either. About a
        hundred names that begin with the query are compared, exact matches first.
        """
        words = search_words(query)
        kind, rest = _without_prefix(words)
        whole, bare = "".join(words), "".join(rest)
        if any(prefix.startswith(whole) for prefix in _PREFIXES):
            return  # «خیابا» is the beginning of thousands of names
        if len(whole) < _LEAST:
            return
        fitting = [of_kind.fitting(whole) for of_kind in self._by_kind.values()]
        if kind in self._by_kind:
            fitting.append(self._by_kind[kind].fitting(bare))
        for entry in chain.from_iterable(fitting):
            distance = entry.whole.distance(whole)
            if kind in (None, entry.kind):
                distance = min(distance, entry.bare.distance(bare))
            yield from ((distance, name) for name in entry.names)

    @cached_property
    def near(self) -> NearNames:
        """Return the index of names that are nearly what was typed; built when first needed."""
        return NearNames(
            (key, entry.names) for entry in self._entries for key in entry.keys | entry.tails
        )


class _Beginnings:
    """Places indexed by the beginning of their name and of every later word in it."""

    def __init__(self, entries: list["_Entry"]) -> None:
        self._names = _Sorted((key, entry) for entry in entries for key in entry.keys)
        self._words = _Sorted((tail, entry) for entry in entries for tail in entry.tails)

    def fitting(self, query: str) -> Iterator["_Entry"]:
        """Yield entries with a word that begins with the query, up to `_LOOKED_AT` names."""
        left = _LOOKED_AT
        for entry in chain(self._names.beginning(query), self._words.beginning(query)):
            yield entry
            left -= len(entry.names)
            if left <= 0:
                return


class _Sorted:
    """Entries sorted by a text."""

    def __init__(self, pairs: Iterable[tuple[str, "_Entry"]]) -> None:
        pairs = sorted(pairs, key=lambda pair: pair[0])
        self._texts = [text for text, _ in pairs]
        self._entries = [entry for _, entry in pairs]

    def beginning(self, query: str) -> Iterator["_Entry"]:
        """Yield the entries whose text begins with the query, exact matches first."""
        for at in range(bisect_left(self._texts, query), len(self._texts)):
            if not self._texts[at].startswith(query):
                return
            yield self._entries[at]


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
        prefix_kind, rest = _without_prefix(words)
        if prefix_kind is not place.kind:
            words, rest = [*_FIRST_WORDS[place.kind], *words], words
        shown = (
            place.name if prefix_kind is place.kind else f"{_CALLED[place.kind][0]} {place.name}"
        )
        whole = Name.of(Place(shown, place.districts[0], place.kind), words)
        others = (
            replace(whole, place=replace(whole.place, district=at)) for at in place.districts[1:]
        )
        return cls(place.kind, whole, whole.by(rest), (whole, *others))

    @property
    def keys(self) -> set[str]:
        """Keys that the name begins with."""
        return {self.whole.key, self.bare.key}

    @property
    def tails(self) -> set[str]:
        """Keys that a later word of the name begins with."""
        return {*self.whole.tails, *self.bare.tails} - self.keys


def _without_prefix(words: list[str]) -> tuple[PlaceKind | None, list[str]]:
    """Return the kind that the first words name, if any, and the words after them."""
    for length in range(min(_LONGEST_PREFIX, len(words) - 1), 0, -1):
        kind = _KIND_OF_PREFIX.get(tuple(words[:length]))
        if kind is not None:
            return kind, words[length:]
    return None, words


def similar_places(query: str, table: Gazetteer | None) -> tuple[Place, ...]:
    """Return at most `SUGGESTED` places whose names are nearly the query, best match first.

    A word such as «خیابان» or «محله» before the name is left out too. If a name sounds like the
    query, names with another sound are not suggested.
    """
    words = search_words(query)
    if any(prefix.startswith("".join(words)) for prefix in _PREFIXES):
        return ()  # no name is typed yet
    named = [
        _without_prefix(words)[1],
        *(words[len(prefix) :] for prefix in _QUARTER if tuple(words[: len(prefix)]) == prefix),
    ]
    keys = tuple(dict.fromkeys("".join(some) for some in (words, *named)))
    found: dict[tuple[str, int], tuple[int, Name]] = {}
    for index in (HOODS, table.near) if table else (HOODS,):
        for distance, name in index.find(keys):
            same = (name.place.name, name.place.district)
            if same not in found or distance < found[same][0]:
                found[same] = (distance, name)
    ranked = sorted(found.values(), key=lambda one: (one[0], one[1].order, one[1].place.district))
    is_heard = bool(ranked) and ranked[0][0] == 0
    near = [name.place for distance, name in ranked if not (is_heard and distance)]
    return tuple(near[:SUGGESTED])
