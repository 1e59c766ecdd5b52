"""Words of the program in statements that never change."""

import re
from collections.abc import Iterable

from sqlalchemy import ColumnElement, literal_column

_WORD = re.compile(r"[a-z_]+", re.ASCII)


def words(known: Iterable[str]) -> list[ColumnElement[str]]:
    """Written out for a list in a statement: of values passed apart the statement is written anew
    each time it is run, for their number may be another, and that costs more than to run it.

    Only for words of the program's own enumerations, never for what somebody sent: ValueError for
    anything but letters and underlines.
    """
    return [word(one) for one in sorted(map(str, known))]


def word(known: str) -> ColumnElement[str]:
    """One of them. Of a value passed apart SQLite sees only when it runs whether an index of such
    rows alone serves, and plans the statement anew each time."""
    written = str(known)
    if not _WORD.fullmatch(written):
        msg = f"no word of the program: {written!r}"
        raise ValueError(msg)
    return literal_column(f"'{written}'")
