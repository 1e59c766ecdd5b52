"""What a request is about: the fields a citizen writes, each described once.

The forms, the draft, the seal, the search and the pages that show a request read `WRITTEN`: a
further field is a line of `Matter`, a column, a field of the command and its words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

TEXT_MOST = 4000
"""Characters of the longest text anybody may file."""
PHOTOS_MOST = 3
"""Photographs of a request, and of each step on it."""


@dataclass(frozen=True, slots=True)
class WrittenField:
    """One text of a request: its name everywhere, and what is accepted in it."""

    name: str
    least: int
    """Characters; 0 for a field that may be left empty."""
    most: int
    rows: int
    """Lines of its box; 1 for a single line."""
    is_searched: bool
    """Whether officials find the request by its words."""

    @property
    def draft_most(self) -> int:
        """Characters stored of a draft: what is too long to be filed stays, to be shortened."""
        return max(400, 3 * self.most)


_KEY = "written"


def written(*, least: int = 0, most: int, rows: int = 1, is_searched: bool = False) -> Any:  # noqa: ANN401  (as `dataclasses.field`)
    """Declare a field of `Matter` in which the citizen writes."""
    about = {"least": least, "most": most, "rows": rows, "is_searched": is_searched}
    return field(default="", metadata={_KEY: about})


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Subject and texts of a request."""

    subject: str = ""
    title: str = written(least=5, most=80, is_searched=True)
    text: str = written(least=20, most=TEXT_MOST, rows=6, is_searched=True)


WRITTEN = tuple(
    WrittenField(one.name, **one.metadata[_KEY]) for one in fields(Matter) if _KEY in one.metadata
)
MORE_WRITTEN = tuple(one for one in WRITTEN if one.name not in {"title", "text"})
"""Fields that pages show below the title and the text."""


def texts_of(matter: Matter) -> dict[str, str]:
    """Field name → text of all that is written."""
    return {one.name: getattr(matter, one.name) for one in WRITTEN}


def has_required(texts: Mapping[str, str]) -> bool:
    """Whether every required field is filled."""
    return all(texts.get(one.name) for one in WRITTEN if one.least)


def searched_texts(matter: Matter) -> tuple[str, ...]:
    """What officials find the request by."""
    return tuple(getattr(matter, one.name) for one in WRITTEN if one.is_searched)
