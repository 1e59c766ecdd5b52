"""What every repository of a unit of work shares: the session, the vault and new ids."""

from collections.abc import Mapping
from functools import cache
from typing import TypeVar

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, insert

from publicmeeting.kit import randomness
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import Vault

CITY = "city"
"""The topic of whoever looks at the promises of all districts at once."""

RowType = TypeVar("RowType", bound=SQLModel)


def new_id() -> str:
    """A random row id; personal fields are sealed for it before the row is written."""
    return randomness.hex_digits(32)


def write(transaction: Transaction, kind: type[SQLModel], *rows: Mapping[str, object]) -> None:
    """Insert rows of one table in one statement, without an object to be made and tracked for each.

    For what is only ever added, many times a day. Every column that may not be empty is to be
    given: defaults of the class do not reach the database.
    """
    transaction.session.flush()  # what the rows point to is there before them
    transaction.connection.execute(_insert(kind), rows)


def write_numbered(
    transaction: Transaction, kind: type[SQLModel], row: Mapping[str, object]
) -> int:
    """`write` for one row whose id the database counts; returns that id."""
    transaction.session.flush()
    key = transaction.connection.execute(_insert(kind), row).inserted_primary_key
    assert key is not None
    return int(key[0])


def write_if_new(transaction: Transaction, kind: type[SQLModel], row: Mapping[str, object]) -> bool:
    """`write` for one row; False where one of its key is there. Whoever else writes that key waits
    until this transaction ends."""
    transaction.session.flush()
    dialect = transaction.connection.dialect.name
    return transaction.connection.execute(_insert_if_new(kind, dialect), row).rowcount == 1


@cache
def _insert_if_new(kind: type[SQLModel], dialect: str) -> Insert:
    made = postgresql if dialect == "postgresql" else sqlite
    ours: Insert = made.insert(kind).on_conflict_do_nothing()
    return ours.execution_options(preserve_rowcount=True)


@cache
def _insert(kind: type[SQLModel]) -> Insert:
    return insert(kind)


class Repository:
    """One family of objects inside one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    @property
    def _session(self) -> Session:
        return self._transaction.session

    @property
    def _vault(self) -> Vault:
        return self._transaction.vault

    def _locked(self, kind: type[RowType], key: object) -> RowType | None:
        """The row as it is now, whatever was read before; others wait until this has ended."""
        if self._transaction.is_serialized:
            return self._session.get(kind, key)  # what was read here is what there is
        self._session.flush()  # or the reading would undo what was changed here in the row
        return self._session.get(kind, key, with_for_update=True, populate_existing=True)
