"""What a request may be about, and the units of a district that answer for it."""

from dataclasses import dataclass

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.shipped import shipped


@dataclass(frozen=True, slots=True)
class Subject:
    code: str
    name: str
    hint: str
    """Examples, so that a citizen finds her matter without knowing the office's words."""
    unit_codes: tuple[str, ...]
    """The units that read requests of this subject; the first one is asked first."""


@dataclass(frozen=True, slots=True)
class UnitKind:
    """A standard unit; each district has its own unit of the kind and may name it differently."""

    code: str
    name: str


SUBJECTS: tuple[Subject, ...] = tuple(
    Subject(one["code"], one["name"], one["hint"], tuple(one["unit_codes"]))
    for one in shipped("subjects")
)
UNIT_KINDS: tuple[UnitKind, ...] = tuple(UnitKind(**one) for one in shipped("units"))


def unit_id(district: int, code: str) -> str:
    """The id of a district's unit of this kind, like `d06-technical`."""
    return f"d{district:02d}-{code}"


_BY_CODE = {one.code: one for one in SUBJECTS}


def subject(code: str) -> Subject:
    """Invalid: `subject_missing` without a code, `subject_unknown` for one not in the list."""
    if not code:
        raise Invalid("subject_missing", field="subject")
    found = _BY_CODE.get(code)
    if found is None:
        raise Invalid("subject_unknown", field="subject")
    return found
