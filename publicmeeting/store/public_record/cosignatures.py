"""Witnesses' lines under notes of the log, each with a tag that needs the city's key.

A line was verified when it arrived. Without a fitting tag it is absent: a forged one under the
newest note would make every checker refuse that note.
"""

from collections.abc import Sequence
from itertools import chain, count
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Row
from sqlmodel import col, update

from publicmeeting.store.accounts.row_tags import row_tag
from publicmeeting.store.database.rows.city import CosignatureRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import Vault
from publicmeeting.turns.tree.note import Signature

_KEY = tuple(col(getattr(CosignatureRow, name)) for name in ("size", "name", "key_id"))
_LINES = sqlalchemy.select(*_KEY, col(CosignatureRow.line), col(CosignatureRow.tag)).order_by(*_KEY)
_TABLE = "cosignature"

Lines = Sequence[Row[*tuple[Any, ...]]]


def line_rows(
    transaction: Transaction, which: ColumnElement[bool], most: int | None = None
) -> Lines:
    """Return the rows of these lines, ascending by size, also forged ones."""
    return transaction.execute(_LINES.where(which).limit(most)).all()


def genuine_lines(transaction: Transaction, rows: Lines) -> list[tuple[int, Signature]]:
    """Return (size, signature) of those rows that this program wrote."""
    own = (row for row in rows if _is_own(transaction.vault, row))
    return [(row.size, Signature.read(row.line)) for row in own]


def add_line(transaction: Transaction, size: int, signature: Signature) -> bool:
    """Add a verified line; False if its key signed that size before.

    A forged row cannot be changed, because these rows only grow; the line then stands beside it.
    """
    rows = line_rows(transaction, col(CosignatureRow.size) == size)
    whose = (signature.name, signature.id)
    if any((one.name, one.id) == whose for _, one in genuine_lines(transaction, rows)):
        return False
    taken, key = {row.key_id for row in rows}, signature.id.hex()
    free = next(one for one in chain([key], (f"{key}/{n}" for n in count(2))) if one not in taken)
    row = CosignatureRow(size=size, name=signature.name, key_id=free, line=signature.line)
    row.tag = row_tag(transaction.vault, _TABLE, row.model_dump())
    transaction.session.add(row)
    transaction.session.flush()
    return True


def forged_lines(transaction: Transaction) -> list[str]:
    """Return size and name of each line that this program did not write."""
    rows = line_rows(transaction, sqlalchemy.true())
    return [f"{row.size} {row.name}" for row in rows if not _is_own(transaction.vault, row)]


def retag_lines(transaction: Transaction, new: Vault) -> None:
    """Tag for another key every line whose tag fits this one's."""
    for row in line_rows(transaction, sqlalchemy.true()):
        if _is_own(transaction.vault, row):
            own = _of(row.size, row.name, row.key_id)
            tag = row_tag(new, _TABLE, dict(row._mapping))  # noqa: SLF001
            transaction.connection.execute(update(CosignatureRow).where(own).values(tag=tag))


def _is_own(vault: Vault, row: Row[*tuple[Any, ...]]) -> bool:
    return bool(row.tag == row_tag(vault, _TABLE, dict(row._mapping)))  # noqa: SLF001


def _of(size: int, name: str, key_id: str) -> ColumnElement[bool]:
    pairs = zip(_KEY, (size, name, key_id), strict=True)
    return sqlalchemy.and_(*(column == value for column, value in pairs))
