"""The fields of a request that a citizen writes, each declared once.

Forms, drafts, the seal, the search and the pages that show a request read `WRITTEN`. A new field
needs a line of `Matter`, a column, a field of the command and its words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

TEXT_MOST = 4000
"""Maximum length of any text that may be filed, in characters."""
PHOTOS_MOST = 3
"""Maximum number of photographs of a request, and of each step on it."""


@dataclass(frozen=True, slots=True)
class WrittenField:
    """One text of a request: its name everywhere, and its limits."""

    name: str
    least: int
    """Minimum length in characters; 0 for an optional field."""
    most: int
    rows: int
    """Height of the input in lines; 1 for a single-line input."""
    is_searched: bool
    """Whether officials can search requests by this text."""

    @property
    def draft_most(self) -> int:
        """Maximum length stored in a draft.

        It exceeds `most`, so that the citizen can shorten a long text later.
        """
        return max(400, 3 * self.most)


_KEY = "written"


def written(*, least: int = 0, most: int, rows: int = 1, is_searched: bool = False) -> Any:  # noqa: ANN401  (as `dataclasses.field`)
    """Declare a field of `Matter` that the citizen writes."""
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
    """Return a mapping of field name to text for all written fields."""
    return {one.name: getattr(matter, one.name) for one in WRITTEN}


def has_required(texts: Mapping[str, str]) -> bool:
    """Whether every required field is filled."""
    return all(texts.get(one.name) for one in WRITTEN if one.least)


def searched_texts(matter: Matter) -> tuple[str, ...]:
    """Return the texts that officials can search."""
    return tuple(getattr(matter, one.name) for one in WRITTEN if one.is_searched)
