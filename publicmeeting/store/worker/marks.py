"""Marks of the clock, each with a tag that needs the city's key; without it a mark is absent.

A mark says that a job is done, or since when something is so. The database owner may invent none,
and make none earlier or later. What a deleted mark means is written where it is read.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col, update

from publicmeeting.store.accounts.row_tags import row_tag
from publicmeeting.store.database.rows.city import JobRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE, Vault

MARKS: sqlalchemy.Select[*tuple[Any, ...]] = sqlalchemy.select(
    col(JobRow.name), col(JobRow.done_at), col(JobRow.tag)
).where(col(JobRow.done_at).is_not(None))
_ONE = MARKS.where(col(JobRow.name) == bindparam("job"))


def mark_columns(vault: Vault, name: str, at: datetime | None) -> dict[str, object]:
    """Return the columns of a mark at an instant; of None, those of no mark."""
    tag = "" if at is None else row_tag(vault, "job", {"name": name, "done_at": at})
    return {"done_at": at, "tag": tag}


def read_marks(
    transaction: Transaction,
    marks: sqlalchemy.Select[*tuple[Any, ...]],
    values: Mapping[str, object] | None = None,
) -> dict[str, datetime]:
    """Return name → time of those rows of `marks` (made of `MARKS`) that this program wrote.

    A time that cannot be read hides no other mark.
    """
    rows = _rows(transaction, marks, values)
    return {name: at for name, at, tag in rows if tag == _tag(transaction.vault, name, at)}


def read_mark(transaction: Transaction, name: str) -> datetime | None:
    """Return the time of one mark."""
    return read_marks(transaction, _ONE, {"job": name}).get(name)


def forged_marks(transaction: Transaction) -> list[str]:
    """Return the names of marks that this program did not write."""
    names = transaction.execute(_names(MARKS)).scalars()
    return sorted(set(map(str, names)) - read_marks(transaction, MARKS).keys())


def retag_marks(transaction: Transaction, new: Vault) -> None:
    """Tag for another key every mark whose tag fits this one's."""
    for name, at in read_marks(transaction, MARKS).items():
        own = update(JobRow).where(col(JobRow.name) == name)
        transaction.connection.execute(own.values(**mark_columns(new, name, at)))


def _rows(
    transaction: Transaction,
    marks: sqlalchemy.Select[*tuple[Any, ...]],
    values: Mapping[str, object] | None,
) -> Sequence[sqlalchemy.Row[*tuple[Any, ...]]]:
    try:
        return transaction.execute(marks, values).all()
    except UNREADABLE:
        names = transaction.execute(_names(marks), values).scalars().all()
    found: list[sqlalchemy.Row[*tuple[Any, ...]]] = []
    for name in names:
        with suppress(*UNREADABLE):
            found += transaction.execute(_ONE, {"job": name}).all()
    return found


def _names(marks: sqlalchemy.Select[*tuple[Any, ...]]) -> sqlalchemy.Select[*tuple[Any, ...]]:
    return marks.with_only_columns(col(JobRow.name))


def _tag(vault: Vault, name: str, at: datetime) -> object:
    return mark_columns(vault, name, at)["tag"]
