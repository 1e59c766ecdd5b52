"""The 22 districts, their map, the names of neighbourhoods, subjects of requests and unit kinds."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.shipped import read_data
from publicmeeting.kit.letters import search_key, search_words, sort_text


class PlaceKind(StrEnum):
    OFFICIAL = "official"
    POPULAR = "popular"
    """A name in common use; it need not follow any border."""
    STREET = "street"
    SQUARE = "square"
    STATION = "station"


@dataclass(frozen=True, slots=True)
class Tile:
    """Position of the district in the 6 × 6 tile map: row 1 is north, column 1 is west.

    The map is not mirrored in right-to-left pages.
    """

    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    name: str
    kind: PlaceKind
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class District:
    number: int
    name: str
    neighbourhoods: tuple[Neighbourhood, ...]
    adjacent: tuple[int, ...]
    """Districts that share a border, not only a corner."""
    tile: Tile


@dataclass(frozen=True, slots=True)
class Place:
    """One search result: a name and a district it may lie in.

    The address of a building decides its district, not the popular name; the citizen chooses.
    """

    name: str
    district: int
    kind: PlaceKind


def district(number: int) -> District:
    """Return the district with that number; raise Invalid("district_unknown") outside 1 to 22."""
    found = _BY_NUMBER.get(number)
    if found is None:
        raise Invalid("district_unknown", field="district", number=number)
    return found


def find_places(
    query: str, limit: int = 12, others: Iterable[tuple[int, "Name"]] = ()
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


def _note(found: dict[tuple[str, int], tuple[int, "Name"]], distance: int, name: "Name") -> None:
    same = (name.key, name.place.district)
    if distance < _UNLIKE and (same not in found or distance < found[same][0]):
        found[same] = (distance, name)


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


def _district(facts: dict[str, Any]) -> District:
    return District(
        number=facts["number"],
        name=facts["name"],
        neighbourhoods=tuple(
            Neighbourhood(one["name"], PlaceKind(one["kind"]), tuple(one.get("aliases", ())))
            for one in facts["neighbourhoods"]
        ),
        adjacent=tuple(facts["adjacent"]),
        tile=Tile(**facts["tile"]),
    )


DISTRICTS: tuple[District, ...] = tuple(_district(facts) for facts in read_data("districts"))
_BY_NUMBER = {one.number: one for one in DISTRICTS}

# Official names come before popular ones, so that of two equal names the official one is shown.
NAMES: tuple[tuple[Name, ...], ...] = tuple(
    (
        Name.of(Place(hood.name, home.number, hood.kind)),
        *(Name.of(Place(alias, home.number, PlaceKind.POPULAR)) for alias in hood.aliases),
    )
    for home in DISTRICTS
    for hood in sorted(home.neighbourhoods, key=lambda neighbourhood: neighbourhood.kind)
)


@dataclass(frozen=True, slots=True)
class Subject:
    code: str
    name: str
    unit_codes: tuple[str, ...]
    """Codes of the units that read requests about this subject, the first to be asked first."""


@dataclass(frozen=True, slots=True)
class UnitKind:
    """A standard kind of unit; each district has its own unit of the kind and may rename it."""

    code: str
    name: str


SUBJECTS: tuple[Subject, ...] = tuple(
    Subject(one["code"], one["name"], tuple(one["unit_codes"])) for one in read_data("subjects")
)
UNIT_KINDS: tuple[UnitKind, ...] = tuple(UnitKind(**one) for one in read_data("units"))


def unit_id(district: int, code: str) -> str:
    """Return the id of a district's unit of this kind, like `d06-technical`."""
    return f"d{district:02d}-{code}"


def unit_place(unit: str) -> tuple[int, str]:
    """Split a unit's id into district number and kind code; ValueError for any other text."""
    number, _, code = unit.removeprefix("d").partition("-")
    return int(number), code


_BY_CODE = {one.code: one for one in SUBJECTS}


def subject(code: str) -> Subject:
    """Return the subject with that code.

    Raises Invalid `subject_missing` without a code, `subject_unknown` for one that is not in the
    list.
    """
    if not code:
        raise Invalid("subject_missing", field="subject")
    found = _BY_CODE.get(code)
    if found is None:
        raise Invalid("subject_unknown", field="subject")
    return found
