"""Names of places, compared with what somebody has typed so far.

A search that finds nothing gets the names that are nearly the same (`NearNames`). Letters of one
sound count as equal («سادقیه»), and one letter may be wrong, missing, added or exchanged with its
neighbour («تحریش»). More mistakes would suggest places that nobody means.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from publicmeeting.domain.districts.city import DISTRICTS, PlaceKind
from publicmeeting.kit.letters import search_key, search_words, sort_text


@dataclass(frozen=True, slots=True)
class Place:
    """One search result: a name and a district it may lie in.

    The address of a building decides its district, not the popular name; the citizen chooses.
    """

    name: str
    district: int
    kind: PlaceKind


INSIDE_A_WORD, _UNLIKE = 3, 4
"""Distances: the query is inside a word of the name, or nowhere in the name."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a place, prepared for comparing."""

    place: Place
    key: str
    tails: tuple[str, ...]
    """The key from the second word on, from the third word on, and so on."""
    order: str
    """Sort key of the place's name."""

    @classmethod
    def of(cls, place: Place, words: list[str] | None = None) -> "Name":
        """Build a name from `words`, or from the place's own name."""
        words = search_words(place.name) if words is None else words
        return cls(place, *_key_and_tails(words), sort_text(place.name))

    def by(self, words: list[str]) -> "Name":
        """Return the same place under other words."""
        key, tails = _key_and_tails(words)
        return replace(self, key=key, tails=tails)

    def distance(self, query: str) -> int:
        """Return how far the name is from a search key: 0 is the exact name, `_UNLIKE` no match."""
        if self.key == query:
            return 0
        if self.key.startswith(query):
            return 1
        if any(tail.startswith(query) for tail in self.tails):
            return 2
        return INSIDE_A_WORD if query in self.key else _UNLIKE


def _key_and_tails(words: list[str]) -> tuple[str, tuple[str, ...]]:
    return "".join(words), tuple("".join(words[start:]) for start in range(1, len(words)))


# Official names come before popular ones, so that of two equal names the official one is shown.
NAMES: tuple[tuple[Name, ...], ...] = tuple(
    (
        Name.of(Place(hood.name, home.number, hood.kind)),
        *(Name.of(Place(alias, home.number, PlaceKind.POPULAR)) for alias in hood.aliases),
    )
    for home in DISTRICTS
    for hood in sorted(home.neighbourhoods, key=lambda neighbourhood: neighbourhood.kind)
)


def find_places(
    query: str, limit: int = 12, others: Iterable[tuple[int, Name]] = ()
) -> tuple[Place, ...]:
    """Return places whose name or alias matches what was typed so far.

    Order: exact names, names that begin with the query, names with a later word that begins with
    it, then names that contain it; each group is alphabetical. A name that lies in several
    districts appears once for each district. `others` are results of another search with their
    distances from this query; they are merged in the same order.
    """
    key = search_key(query)
    if not key:
        return ()
    found: dict[tuple[str, int], tuple[int, Name]] = {}
    for names in NAMES:
        _note(found, *min(((name.distance(key), name) for name in names), key=lambda one: one[0]))
    for distance, name in others:
        _note(found, distance, name)
    ranked = heapq.nsmallest(
        limit, found.values(), key=lambda one: (one[0], one[1].order, one[1].place.district)
    )
    return tuple(name.place for _, name in ranked)


def _note(found: dict[tuple[str, int], tuple[int, Name]], distance: int, name: Name) -> None:
    same = (name.key, name.place.district)
    if distance < _UNLIKE and (same not in found or distance < found[same][0]):
        found[same] = (distance, name)


_LEAST = 3
"""Minimum number of letters that are compared; a shorter text resembles too much."""


_BEGINNING = 5
"""Minimum number of letters that are compared with the beginning of a longer name."""


# The search's own letters are folded already (`search_words`).
_SOUND = str.maketrans("ثصطذضظغحعأ", "سستزززقهاا")


class NearNames:
    """Names of places, indexed by the first and the last letter of their sound.

    One mistake leaves one of them as it is.
    """

    def __init__(self, names: Iterable[tuple[str, Sequence[Name]]]) -> None:
        """Index pairs of a search key and the names that it stands for."""
        self._by_edge = defaultdict[str, list[tuple[str, Sequence[Name]]]](list)
        for key, places in names:
            sound = key.translate(_SOUND)
            if len(sound) >= _LEAST:
                for edge in _edges(sound):
                    self._by_edge[edge].append((sound, places))

    def find(self, keys: Iterable[str]) -> Iterator[tuple[int, Name]]:
        """Yield the names that resemble one of the keys, with their distances: 0 sounds equal."""
        for key in keys:
            sought = key.translate(_SOUND)
            if len(sought) < _LEAST:
                continue
            for edge in _edges(sought):
                for sound, names in self._by_edge.get(edge, ()):
                    if (distance := _distance(sought, sound)) is not None:
                        yield from ((distance, name) for name in names)


def _edges(sound: str) -> tuple[str, str]:
    return f"^{sound[0]}", f"{sound[-1]}$"


def _distance(sought: str, sound: str) -> int | None:
    """Return 0 for an equal sound, 1 for one mistake or a beginning, 2 for both; else None."""
    if sought == sound:
        return 0
    if sound.startswith(sought) or _is_one_mistake(sought, sound):
        return 1
    length = len(sought)
    if length >= _BEGINNING and any(
        _is_one_mistake(sought, sound[:end]) for end in range(length - 1, length + 2)
    ):
        return 2
    return None


def _is_one_mistake(word: str, other: str) -> bool:
    """Return whether one letter is wrong, missing, added or exchanged with its neighbour."""
    if abs(len(word) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    word, other = word[start:], other[start:]
    return (
        word[1:] == other[1:]
        or word[1:] == other
        or word == other[1:]
        or (word[:2] == other[1::-1] and word[2:] == other[2:])
    )


HOODS = NearNames(
    (key, (names[0],)) for names in NAMES for name in names for key in (name.key, *name.tails)
)
