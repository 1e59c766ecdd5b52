"""Enumeration values as literals in SQL statements."""

import re
from collections.abc import Iterable

from sqlalchemy import ColumnElement, literal_column

_WORD = re.compile(r"[a-z_]+", re.ASCII)


def words(known: Iterable[str]) -> list[ColumnElement[str]]:
    """Return literals for an `IN` list.

    With bound parameters SQLAlchemy renders the statement anew each time, because their number may
    change, and that costs more than executing it. Only for values of the program's own
    enumerations, never for input. Raises ValueError for anything but lower-case letters and
    underscores.
    """
    return [word(one) for one in sorted(map(str, known))]


def word(known: str) -> ColumnElement[str]:
    """Return one literal.

    With a bound parameter SQLite cannot tell in advance whether a partial index applies, and plans
    the statement anew each time.
    """
    written = str(known)
    if not _WORD.fullmatch(written):
        msg = f"no word of the program: {written!r}"
        raise ValueError(msg)
    return literal_column(f"'{written}'")
