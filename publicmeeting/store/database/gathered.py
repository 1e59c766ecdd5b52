"""Rows that a transaction writes on PostgreSQL by one statement instead of many.

Each part is a common table expression. PostgreSQL checks foreign keys at the end of the statement,
so a row may refer to another one of it.
"""

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Delete, Insert, Select, Update, bindparam, delete, insert, update
from sqlmodel import SQLModel, col

Sent: TypeAlias = Insert | Update | Delete | Select[Any]


class Verb(Enum):
    INSERT = "insert"
    UPDATE = "update"
    """Of the row with an id, passed as `KEY`."""
    DELETE = "delete"
    """Likewise."""


KEY = "row_key"


class _Part(NamedTuple):
    verb: Verb
    kind: type[SQLModel]
    columns: tuple[str, ...]


class Gathered:
    """The writes that wait."""

    def __init__(self) -> None:
        self._parts: list[_Part] = []
        self._values: dict[str, object] = {}

    def __bool__(self) -> bool:
        return bool(self._parts)

    def concerns(self, kind: type[SQLModel]) -> bool:
        """Whether a row of this table waits: parts of one statement do not see each other's."""
        return any(part.kind is kind for part in self._parts)

    def add(self, verb: Verb, kind: type[SQLModel], values: Mapping[str, object]) -> None:
        at = len(self._parts)
        row = {**(_defaults(kind) if verb is Verb.INSERT else {}), **values}
        self._parts.append(_Part(verb, kind, tuple(row)))
        self._values.update((f"{at}_{name}", value) for name, value in row.items())

    def take(
        self, last: Select[Any] | None = None, *, numbered: bool = False
    ) -> tuple[Sent, dict[str, object]]:
        """Return the statement of all parts, with its values; nothing waits afterwards.

        It returns what `last` selects, or with `numbered` the id of the row added last.
        """
        statement = _joined(tuple(self._parts), last, numbered)
        values, self._parts, self._values = self._values, [], {}
        return statement, values


@cache
def _defaults(kind: type[SQLModel]) -> dict[str, object]:
    """Return the values that SQLAlchemy adds to an INSERT, but not to one within a statement."""
    columns = kind.__table__.columns  # type: ignore[attr-defined]
    return {
        column.name: column.default.arg
        for column in columns
        if column.default is not None and column.default.is_scalar
    }


@cache
def _joined(parts: tuple[_Part, ...], last: Select[Any] | None, numbered: bool) -> Sent:  # noqa: FBT001
    sent: list[Any] = [_write(at, part) for at, part in enumerate(parts)]
    if numbered:
        sent[-1] = sent[-1].returning(col(parts[-1].kind.id))  # type: ignore[attr-defined]
    elif last is not None:
        sent.append(last)
    *others, main = sent
    joined: Sent = main.add_cte(*(part.cte(f"part_{at}") for at, part in enumerate(others)))
    return joined


def _write(at: int, part: _Part) -> Insert | Update | Delete:
    table = part.kind.__table__  # type: ignore[attr-defined]
    values = {
        name: bindparam(f"{at}_{name}", type_=table.columns[name].type)
        for name in part.columns
        if name != KEY
    }
    if part.verb is Verb.INSERT:
        return insert(part.kind).values(values)
    is_it = table.columns["id"] == bindparam(f"{at}_{KEY}")
    if part.verb is Verb.DELETE:
        return delete(part.kind).where(is_it)
    return update(part.kind).where(is_it).values(values)
