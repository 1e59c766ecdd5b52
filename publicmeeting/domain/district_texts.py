"""What a district says of itself: where it receives, when, what to bring, its usual start times and
the names of its units; read as people type it, compared field by field."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.roles import Role
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.kit.letters import clean, search_key

EDITORS = (Role.DESK, Role.MAYOR, Role.DEPUTY)
"""Who may propose other texts for the district, and put in force what somebody else proposed."""


class TextState(StrEnum):
    """The state of a version."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    """Decided; its day has not come."""
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


DECIDED = (TextState.APPROVED, TextState.IN_FORCE, TextState.REPLACED)
"""A version in one of these holds, held or will hold from its day on."""


class TextField(StrEnum):
    ADDRESS = "address"
    HALL = "hall"
    HOURS = "hours"
    BRING = "bring"
    POINT = "point"
    SEATS = "seats"


LIMITS = {
    TextField.ADDRESS: (5, 160),
    TextField.HALL: (2, 60),
    TextField.HOURS: (5, 120),
    TextField.BRING: (5, 160),
}
"""Least and most characters of the texts that a district may not leave empty: more does not fit on
the picture of a pass."""
NOTE_MOST = 300
UNIT_LEAST, UNIT_MOST = 2, 60
UNITS_MOST = 24
SEATS_MOST = 40
OWN_UNIT = "own"
"""Codes of units that are not of the city's list begin with it."""

_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Signs of direction and of no width, which a pasted number brings along."""
_BETWEEN_TIMES = re.compile(r"[\s,،;؛]+")
_POINT = re.compile(r"([0-9]{1,3}[.][0-9]{1,12})[\s,،;؛/]+([0-9]{1,3}[.][0-9]{1,12})")
_NORTH = (35.45, 35.95)
_EAST = (51.0, 51.75)
"""Degrees between which all of Tehran's 22 districts lie."""
_EARLIEST, _LATEST = "06:00", "21:00"
_TYPED_MOST = 2000


@dataclass(frozen=True, slots=True)
class DistrictTexts:
    """One version; `point` is `latitude,longitude` with five decimals, or empty."""

    address: str
    hall: str
    hours: str
    bring: str
    point: str
    seats: tuple[str, ...]
    """Usual start times, `09:00`, ascending."""
    units: tuple[tuple[str, str], ...]
    """Code and name of each unit."""


@dataclass(frozen=True, slots=True)
class TextVersion:
    """A version with who proposed it and who decided; account ids, empty for the city's founding
    and None where nobody has decided."""

    id: int
    district: int
    texts: DistrictTexts
    from_on: date
    state: TextState
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What one field says before and after; a new unit had no name before. `unit` is a unit's
    code."""

    field: TextField | None
    old: str
    new: str
    unit: str = ""


def differences(before: DistrictTexts, after: DistrictTexts) -> tuple[Difference, ...]:
    """Every field that is not the same, in the order of the form; start times with spaces."""
    found = [
        Difference(field, old, new)
        for field in TextField
        if (old := _words(before, field)) != (new := _words(after, field))
    ]
    names = dict(before.units)
    found += [
        Difference(None, names.get(code, ""), name, code)
        for code, name in after.units
        if names.get(code) != name
    ]
    return tuple(found)


def _words(texts: DistrictTexts, field: TextField) -> str:
    return " ".join(texts.seats) if field is TextField.SEATS else str(getattr(texts, field.value))


def read_line(field: TextField, typed: str) -> str:
    """One of the texts with a limit, as it is stored: one line, without signs that steer others.

    Invalid `line_missing`, `text_too_short`, `text_too_long`.
    """
    text = _one_line(typed)
    least, most = LIMITS[field]
    return _of_length(text, least, most)


def read_unit(typed: str) -> str:
    """The name of a unit; Invalid as `read_line`."""
    return _of_length(_one_line(typed), UNIT_LEAST, UNIT_MOST)


def _of_length(text: str, least: int, most: int) -> str:
    if not text:
        raise Invalid("line_missing")
    if len(text) < least:
        raise Invalid("text_too_short", length=len(text), least=least)
    if len(text) > most:
        raise Invalid("text_too_long", length=len(text), limit=most)
    return text


def read_point(typed: str) -> str:
    """`35.70122,51.40013`, from two numbers in either order; empty stays empty.

    Invalid `point_malformed`, `point_outside` for a place that is not in Tehran.
    """
    text = _figures(typed).replace("٫", ".").strip()
    if not text:
        return ""
    found = _POINT.fullmatch(text)
    if found is None:
        raise Invalid("point_malformed")
    north, east = sorted(map(float, found.groups()))
    if not (_NORTH[0] <= north <= _NORTH[1] and _EAST[0] <= east <= _EAST[1]):
        raise Invalid("point_outside")
    return f"{north:.5f},{east:.5f}"


def read_seats(typed: str) -> tuple[str, ...]:
    """Start times as stored, from what is typed with spaces or commas between them.

    Invalid `seats_missing`, `seats_time` with the first that is none, `seats_clock` for one outside
    the hours of a day's work, `seats_order`, `seats_many`.
    """
    words = [one for one in _BETWEEN_TIMES.split(_figures(typed)) if one]
    if not words:
        raise Invalid("seats_missing")
    if len(words) > SEATS_MOST:
        raise Invalid("seats_many", limit=SEATS_MOST)
    seats = tuple(map(_time, words))
    for earlier, later in pairwise(seats):
        if earlier >= later:
            raise Invalid("seats_order", time=later)
    return seats


def _time(word: str) -> str:
    found = _CLOCK.fullmatch(word)
    if found is None or found[2] > "59":
        raise Invalid("seats_time", time=word[:8])
    time = f"{int(found[1]):02d}:{found[2]}"
    if not _EARLIEST <= time <= _LATEST:
        raise Invalid("seats_clock", time=time)
    return time


def twice(units: Iterable[tuple[str, str]]) -> str | None:
    """The code of the first unit whose name another one before it has."""
    seen: set[str] = set()
    for code, name in units:
        key = search_key(name)
        if key in seen:
            return code
        seen.add(key)
    return None


def next_code(units: Iterable[tuple[str, str]]) -> str:
    """The code of a unit that is added: `own1`, `own2`…"""
    taken = {code for code, _ in units}
    return next(code for n in range(1, UNITS_MOST + 2) if (code := f"{OWN_UNIT}{n}") not in taken)


def _figures(typed: str) -> str:
    return ascii_digits(_MARKS.sub("", typed[:_TYPED_MOST]))


def _one_line(typed: str) -> str:
    return " ".join(clean(typed[:_TYPED_MOST]).split("\n"))
