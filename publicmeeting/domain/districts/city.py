"""The 22 districts, their map and neighbourhoods; subjects of requests and the units for them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.shipped import read_data


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
    tile: Tile


def district(number: int) -> District:
    """Return the district with that number; raise Invalid("district_unknown") outside 1 to 22."""
    found = _BY_NUMBER.get(number)
    if found is None:
        raise Invalid("district_unknown", field="district", number=number)
    return found


def _district(facts: dict[str, Any]) -> District:
    return District(
        number=facts["number"],
        name=facts["name"],
        neighbourhoods=tuple(
            Neighbourhood(one["name"], PlaceKind(one["kind"]), tuple(one.get("aliases", ())))
            for one in facts["neighbourhoods"]
        ),
        tile=Tile(**facts["tile"]),
    )


DISTRICTS: tuple[District, ...] = tuple(_district(facts) for facts in read_data("districts"))


_BY_NUMBER = {one.number: one for one in DISTRICTS}


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
    Subject(fact["code"], fact["name"], tuple(fact["unit_codes"])) for fact in read_data("subjects")
)


UNIT_KINDS: tuple[UnitKind, ...] = tuple(UnitKind(**fact) for fact in read_data("units"))


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
