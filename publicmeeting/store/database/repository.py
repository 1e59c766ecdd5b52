"""Base class of all repositories, functions that insert rows, and lists of rows.

Of a list, one row that cannot be read hides no other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Delete, Insert, Row, Select, Update, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, insert

from publicmeeting.kit import randomness
from publicmeeting.store.database.gathered import KEY, Verb
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE, Vault

CITY = "city"
"""Topic of pages that show the promises of all districts."""

_GATHERED_MOST = 4
"""Maximum rows of one table that are gathered: each is a part of the statement's text."""
RowType = TypeVar("RowType", bound=SQLModel)


def new_id() -> str:
    """Return a random row id; personal fields are sealed for it before the row is written."""
    return randomness.hex_digits(32)


def write(transaction: Transaction, kind: type[SQLModel], *rows: Mapping[str, object]) -> None:
    """Insert rows of one table in one statement, without ORM objects.

    For rows that are only ever added, many times a day. Pass every non-null column: defaults of the
    class do not apply.
    """
    if len(rows) <= _GATHERED_MOST and transaction.gather(Verb.INSERT, kind, *rows):
        return
    transaction.session.flush()  # rows that are referred to must exist first
    transaction.connection.execute(_insert(kind), rows)


def write_numbered(
    transaction: Transaction, kind: type[SQLModel], row: Mapping[str, object]
) -> int:
    """Insert one row whose id the database assigns; return that id."""
    if transaction.gather(Verb.INSERT, kind, row):
        number = transaction.send_numbered()
        assert number is not None
        return number
    transaction.session.flush()
    key = transaction.connection.execute(_insert(kind), row).inserted_primary_key
    assert key is not None
    return int(key[0])


def write_if_new(transaction: Transaction, kind: type[SQLModel], row: Mapping[str, object]) -> bool:
    """Insert one row; False if its key exists.

    A concurrent insert of that key waits until this transaction ends.
    """
    transaction.session.flush()
    dialect = transaction.connection.dialect.name
    return transaction.connection.execute(insert_if_new(kind, dialect), row).rowcount == 1


def change_row(
    transaction: Transaction, kind: type[SQLModel], key: object, change: Mapping[str, object]
) -> None:
    """Change columns of the row with this id, without ORM objects."""
    values = {KEY: key, **change}
    if not transaction.gather(Verb.UPDATE, kind, values):
        transaction.execute(_update(kind), values)


def drop_row(transaction: Transaction, kind: type[SQLModel], key: object) -> None:
    """Delete the row with this id, without ORM objects."""
    values = {KEY: key}
    if not transaction.gather(Verb.DELETE, kind, values):
        transaction.execute(_delete(kind), values)


@cache
def _update(kind: type[SQLModel]) -> Update:
    return update(kind).where(col(kind.id) == bindparam(KEY))  # type: ignore[attr-defined]


@cache
def _delete(kind: type[SQLModel]) -> Delete:
    return delete(kind).where(col(kind.id) == bindparam(KEY))  # type: ignore[attr-defined]


@cache
def insert_if_new(kind: type[SQLModel], dialect: str) -> Insert:
    """Return the statement that inserts one row unless its key exists."""
    made = postgresql if dialect == "postgresql" else sqlite
    ours: Insert = made.insert(kind).on_conflict_do_nothing()
    return ours.execution_options(preserve_rowcount=True)


@cache
def _insert(kind: type[SQLModel]) -> Insert:
    return insert(kind)


class Repository:
    """Access to one family of objects within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    @property
    def _session(self) -> Session:
        return self._transaction.session

    @property
    def _vault(self) -> Vault:
        return self._transaction.vault

    def _locked(self, kind: type[RowType], key: object) -> RowType | None:
        """Return the current row with a row lock until the transaction ends."""
        if self._transaction.is_serialized:
            return self._session.get(kind, key)  # no other transaction can have changed it
        self._session.flush()  # else reading would discard changes made here
        return self._session.get(kind, key, with_for_update=True, populate_existing=True)


_NO_VALUES: Mapping[str, object] = {}


def readable_rows(
    transaction: Transaction,
    statement: Select[*tuple[Any, ...]],
    what: str,
    values: Mapping[str, object] = _NO_VALUES,
    *,
    first: int = 0,
    most: int | None = None,
    as_objects: bool = False,
) -> list[Row[*tuple[Any, ...]]]:
    """Return the rows of a statement that has an order, from `first` on, `most` of them.

    `what` names a row that is left out. `as_objects`: the statement selects a class of rows.
    """
    reading = _Reading(transaction, statement, what, values, as_objects)
    try:
        return reading.rows(first, most)
    except UNREADABLE:
        among = statement.order_by(None).offset(first).limit(most).subquery()
        count = transaction.execute(select(func.count()).select_from(among), values).scalar_one()
        return list(reading.halved(first, count))


@dataclass(frozen=True, slots=True)
class _Reading:
    transaction: Transaction
    statement: Select[*tuple[Any, ...]]
    what: str
    values: Mapping[str, object]
    as_objects: bool

    def rows(self, first: int, most: int | None) -> list[Row[*tuple[Any, ...]]]:
        some = self.statement
        if first or most is not None:
            some = some.offset(first).limit(most)
        if self.as_objects:
            return list(self.transaction.session.execute(some, self.values).all())
        return list(self.transaction.execute(some, self.values).all())

    def halved(self, first: int, count: int) -> Iterator[Row[*tuple[Any, ...]]]:
        """Halve the rows until those that cannot be read are alone."""
        try:
            yield from self.rows(first, count)
        except UNREADABLE:
            if count <= 1:
                self.transaction.leave_out(self.what)
                return
            half = count // 2
            yield from self.halved(first, half)
            yield from self.halved(first + half, count - half)
