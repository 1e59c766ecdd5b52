"""Enumerations in the database: types of text columns, and values as literals in statements."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from sqlalchemy import (
    ColumnElement,
    Dialect,
    SQLColumnExpression,
    String,
    and_,
    func,
    literal_column,
)
from sqlalchemy.types import TypeDecorator

from publicmeeting.domain.districts.city import SUBJECTS
from publicmeeting.domain.mondays import DrawState, MondayState, SeatState
from publicmeeting.domain.records import PictureKind
from publicmeeting.kit.stored import StoredEnum


class _Stored(TypeDecorator[StoredEnum]):
    impl = String
    words: ClassVar[type[StoredEnum]]

    def process_bind_param(self, value: StoredEnum | None, _dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> StoredEnum | None:
        return None if value is None else self.words(value)


class MondayStates(_Stored):
    cache_ok = True
    words = MondayState


class DrawStates(_Stored):
    cache_ok = True
    words = DrawState


class SeatStates(_Stored):
    cache_ok = True
    words = SeatState


class PictureKinds(_Stored):
    cache_ok = True
    words = PictureKind


class ClockTimes(TypeDecorator[str]):
    """A start time such as `09:15`; whatever else a row has is read as midnight, a time of no seat.

    One such row would end a Monday's list for everybody. `doctor` names it: the log has no such
    seat.
    """

    cache_ok = True
    impl = String

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        return value if value is None or _CLOCK.fullmatch(value) else _NO_SEAT


class SubjectCodes(TypeDecorator[str]):
    """A subject of the list; whatever else a row has is read as the one for everything else.

    Every page that says whose unit a request concerns looks it up.
    """

    cache_ok = True
    impl = String

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        return value if value is None or value in _SUBJECTS else _OTHER


_SUBJECTS = frozenset(one.code for one in SUBJECTS)
_OTHER = "other"
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_NO_SEAT = "00:00"
_ERA: ColumnElement[str] = literal_column("'2000-01-01'")
_NEVER: ColumnElement[str] = literal_column("'9999-01-01'")


def is_instant(column: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Whether an instant or a day can be one of the city's.

    Both engines have others, such as `-infinity`, which no program reads and which would always be
    the first.
    """
    return and_(column >= _ERA, column < _NEVER)


def at_most(column: SQLColumnExpression[Any], most: int) -> ColumnElement[Any]:
    """Return a text without what is longer than the program writes.

    For statements that every page sends: one cell of a hundred megabytes would stop the city.
    """
    return func.substr(column, 1, most)


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
