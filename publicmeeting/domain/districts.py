"""The 22 districts, how they lie, the names people know their quarter by, what a request may be
about, and the units of a district that answer for it."""

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
    """A name people use; it need not follow any border."""
    STREET = "street"
    SQUARE = "square"
    STATION = "station"


@dataclass(frozen=True, slots=True)
class Tile:
    """The district's place in the 6 x 6 tile map: row 1 is north, column 1 is west.

    The map keeps its sides in right-to-left pages too.
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
    """One answer of a search: a name and the district it may lie in.

    The address of a building decides its district, not the popular name; the citizen chooses.
    """

    name: str
    district: int
    kind: PlaceKind


def district(number: int) -> District:
    """Invalid("district_unknown") for any number but 1 to 22."""
    found = _BY_NUMBER.get(number)
    if found is None:
        raise Invalid("district_unknown", field="district", number=number)
    return found


def find_places(
    query: str, limit: int = 12, others: Iterable[tuple[int, "Name"]] = ()
) -> tuple[Place, ...]:
    """Places whose name, or another name of theirs, fits what was typed so far.

    The name itself comes first, then names that begin with the query, then names with a word that
    begins with it, then the rest; alphabetical within each. A name found in several districts
    comes once for each of them, never twice for one. `others` are found elsewhere, each with its
    distance from this query, and take their places among them.
    """
    key = search_key(query)
    if not key:
        return ()
    found: dict[tuple[str, int], tuple[int, Name]] = {}
    for names in _NAMES:
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
"""Distances: the query is somewhere inside a word of the name; or nowhere in it."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a place, prepared for comparing."""

    place: Place
    key: str
    tails: tuple[str, ...]
    """The key from the second word on, from the third…"""
    order: str
    """The place's position in the alphabet."""

    @classmethod
    def of(cls, place: Place, words: list[str] | None = None) -> "Name":
        """By other words than its name, if they are given."""
        words = search_words(place.name) if words is None else words
        return cls(place, *_key_and_tails(words), sort_text(place.name))

    def by(self, words: list[str]) -> "Name":
        """The same place by other words."""
        key, tails = _key_and_tails(words)
        return replace(self, key=key, tails=tails)

    def distance(self, query: str) -> int:
        """From a search key: 0 for the name itself, more the later in it the key begins."""
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

# Official names before popular ones, so that of two equal names the official one is shown.
_NAMES: tuple[tuple[Name, ...], ...] = tuple(
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
    """The units that read requests of this subject; the first one is asked first."""


@dataclass(frozen=True, slots=True)
class UnitKind:
    """A standard unit; each district has its own unit of the kind and may name it differently."""

    code: str
    name: str


SUBJECTS: tuple[Subject, ...] = tuple(
    Subject(one["code"], one["name"], tuple(one["unit_codes"])) for one in read_data("subjects")
)
UNIT_KINDS: tuple[UnitKind, ...] = tuple(UnitKind(**one) for one in read_data("units"))


def unit_id(district: int, code: str) -> str:
    """The id of a district's unit of this kind, like `d06-technical`."""
    return f"d{district:02d}-{code}"


def unit_place(unit: str) -> tuple[int, str]:
    """The district of a unit's id, and the code of its kind; ValueError for another text."""
    number, _, code = unit.removeprefix("d").partition("-")
    return int(number), code


_BY_CODE = {one.code: one for one in SUBJECTS}


def subject(code: str) -> Subject:
    """Invalid: `subject_missing` without a code, `subject_unknown` for one not in the list."""
    if not code:
        raise Invalid("subject_missing", field="subject")
    found = _BY_CODE.get(code)
    if found is None:
        raise Invalid("subject_unknown", field="subject")
    return found
