"""Public facts of a district: place, hours, what to bring, usual start times, names of its units.

The module parses what people type into forms, and compares two versions field by field.
"""

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
from publicmeeting.kit.stored import StoredEnum

EDITORS = (Role.DESK, Role.MAYOR, Role.DEPUTY)
"""Roles that may propose new texts for their district, and approve what somebody else proposed."""


class TextState(StoredEnum):
    """State of a version."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    """Approved, but its first day has not come yet."""
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


DECIDED = (TextState.APPROVED, TextState.IN_FORCE, TextState.REPLACED)
"""States of an approved version: it is in force from its first day, was in force, or will be."""


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
"""Minimum and maximum length of each required text, in characters.

Longer texts do not fit on the image of a pass.
"""
NOTE_MOST = 300
UNIT_LEAST, UNIT_MOST = 2, 60
UNITS_MOST = 24
SEATS_MOST = 40
OWN_UNIT = "own"
"""Prefix of the codes of units that the city's list does not have."""

_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Direction marks and zero-width characters, which come along with a pasted number."""
_BETWEEN_TIMES = re.compile(r"[\s,،;؛]+")
_POINT = re.compile(r"([0-9]{1,3}[.][0-9]{1,12})[\s,،;؛/]+([0-9]{1,3}[.][0-9]{1,12})")
_NORTH = (35.45, 35.95)
_EAST = (51.0, 51.75)
"""Latitude and longitude bounds, in degrees, that contain all 22 districts of Tehran."""
_EARLIEST, _LATEST = "06:00", "21:00"
_TYPED_MOST = 2000
_IN_MESSAGES = (TextField.ADDRESS, TextField.HALL)
_ELSEWHERE = re.compile(
    r"://|@"
    r"|[\w-][.。](?:[^\W\d_\u0600-\u06ff]{2}|ایران(?![\w\u200c]))"
    r"|(?:[0-9]+[.]){3}[0-9]"
    r"|(?:[0-9](?:\W|_){0,3}){11}"
)


@dataclass(frozen=True, slots=True)
class DistrictTexts:
    """One version of the texts.

    `point` is `latitude,longitude` with five decimals, or empty.
    """

    address: str
    hall: str
    hours: str
    bring: str
    point: str
    seats: tuple[str, ...]
    """Usual start times like `09:00`, ascending."""
    units: tuple[tuple[str, str], ...]
    """Code and name of each unit."""
    is_genuine: bool = True
    """Whether this program wrote the version; if not, the first four texts are warnings."""


@dataclass(frozen=True, slots=True)
class TextVersion:
    """A version with its proposer and its approver.

    `proposed_by` and `decided_by` are account ids. They are empty for texts from the founding of
    the city. `decided_by` is None while nobody has decided.
    """

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
    """Old and new value of one changed field, or name of a changed unit.

    `old` is empty for a new unit.
    """

    field: TextField | None
    old: str
    new: str


def differences(before: DistrictTexts, after: DistrictTexts) -> tuple[Difference, ...]:
    """Return all changed fields in the order of the form, then the changed units.

    Start times are joined with spaces.
    """
    found = [
        Difference(field, old, new)
        for field in TextField
        if (old := _words(before, field)) != (new := _words(after, field))
    ]
    names = dict(before.units)
    found += [
        Difference(None, names.get(code, ""), name)
        for code, name in after.units
        if names.get(code) != name
    ]
    return tuple(found)


def _words(texts: DistrictTexts, field: TextField) -> str:
    return " ".join(texts.seats) if field is TextField.SEATS else str(getattr(texts, field.value))


def read_line(field: TextField, typed: str) -> str:
    """Return one of the texts with a length limit as it is stored: one line, without control marks.

    Raises Invalid `line_missing`, `text_too_short` or `text_too_long`; `text_link` for an address
    or a hall that leads elsewhere (`leads_elsewhere`).
    """
    text = _one_line(typed)
    least, most = LIMITS[field]
    if field in _IN_MESSAGES and leads_elsewhere(text):
        raise Invalid("text_link")
    return _of_length(text, least, most)


def read_unit(typed: str) -> str:
    """Return the name of a unit; raises the same as `read_line` for a hall."""
    name = _one_line(typed)
    if leads_elsewhere(name):
        raise Invalid("text_link")
    return _of_length(name, UNIT_LEAST, UNIT_MOST)


def leads_elsewhere(text: str) -> bool:
    """Whether a line has an address of the web or of mail, or a number as long as a telephone's.

    Such a line goes out by SMS in the city's name, and a telephone makes a link of it. A postal
    code has ten digits.
    """
    return _ELSEWHERE.search(ascii_digits(text)) is not None


def _of_length(text: str, least: int, most: int) -> str:
    if not text:
        raise Invalid("line_missing")
    if len(text) < least:
        raise Invalid("text_too_short", length=len(text), least=least)
    if len(text) > most:
        raise Invalid("text_too_long", length=len(text), limit=most)
    return text


def read_point(typed: str) -> str:
    """Parse two numbers in either order into `35.70122,51.40013`; empty stays empty.

    Raises Invalid `point_malformed`, or `point_outside` for a place outside Tehran.
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
    """Parse start times that are separated by spaces or commas.

    Raises Invalid `seats_missing`, `seats_time` with the first word that is no time, `seats_clock`
    for a time outside working hours, `seats_order` or `seats_many`.
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
    """Return the code of the first unit whose name repeats the name of an earlier one, or None."""
    seen: set[str] = set()
    for code, name in units:
        key = search_key(name)
        if key in seen:
            return code
        seen.add(key)
    return None


def next_code(units: Iterable[tuple[str, str]]) -> str:
    """Return the code for an added unit: `own1`, `own2`…"""
    taken = {code for code, _ in units}
    return next(code for n in range(1, UNITS_MOST + 2) if (code := f"{OWN_UNIT}{n}") not in taken)


def _figures(typed: str) -> str:
    return ascii_digits(_MARKS.sub("", typed[:_TYPED_MOST]))


def _one_line(typed: str) -> str:
    return " ".join(clean(typed[:_TYPED_MOST]).split("\n"))
