"""Links into the form from the city's portal, with a district and a subject.

They are unchecked input and never override a choice that the citizen has made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from publicmeeting.domain.districts import district, subject
from publicmeeting.domain.errors import Invalid
from publicmeeting.kit.digits import ascii_digits

DISTRICT, SUBJECT = "district", "subject"
"""Parameters of the address. The portal may add `from`, for its own statistics."""
_LONGEST_NUMBER = 4
_ALSO = {"roads": "street"}
"""Other names of subjects that links may use."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link asks for: `fields` of a draft, and `unknown` parameters with an invalid value."""

    fields: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


def read_link(query: Mapping[str, str]) -> Linked:
    """Read a link's parameters; an invalid value is named and left out, never refused."""
    fields: dict[str, str] = {}
    unknown: list[str] = []
    for name, read in ((DISTRICT, _district), (SUBJECT, _subject)):
        value = query.get(name, "").strip()
        if not value:
            continue
        try:
            fields[name] = read(value)
        except Invalid:
            unknown.append(name)
    return Linked(fields, tuple(unknown))


def lacking(linked: Linked, draft: Mapping[str, str]) -> dict[str, str] | None:
    """Return what the link adds to a draft; None if it contradicts her choices."""
    if any(draft.get(name, value) != value for name, value in linked.fields.items()):
        return None
    return {name: value for name, value in linked.fields.items() if name not in draft}


def _district(value: str) -> str:
    digits = ascii_digits(value)
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < _LONGEST_NUMBER
    return f"{district(int(digits) if is_number else 0).number}"


def _subject(value: str) -> str:
    code = value.lower()
    return subject(_ALSO.get(code, code)).code
