"""Find log entries by ticket without reading the whole log.

The index is written with each entry, from its body alone, and is never the only basis of a
decision. The causes (`because`) of an entry are found here.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import BindParameter, bindparam
from sqlmodel import col

from publicmeeting.store.database.repository import Repository, write
from publicmeeting.store.database.rows.city import LogIndexRow, LogRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import Entry

COLUMNS = ("seq", "ticket", "about", "kind")
_TICKETS = ("ticket", "old", "new")
_AT_ONCE = 500
"""Tickets per statement."""
_SUBJECTS = ("draw", "monday", "case")


def index_rows(seq: int, kind: str, body: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    """Yield the rows of one entry, in the order of `COLUMNS`; none if it names nothing."""
    tickets = sorted({str(body[key]) for key in _TICKETS if key in body})
    about = next((str(body[key]) for key in _SUBJECTS if key in body), "")
    if tickets or about:
        for ticket in tickets or [""]:
            yield seq, ticket, about, str(kind)


def write_index(transaction: Transaction, new: Entry) -> None:
    """Write the rows of a new entry; called by the log's append."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in index_rows(new.seq, new.kind, new.body)]
    if rows:
        write(transaction, LogIndexRow, *rows)


class LogIndex(Repository):
    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._read: dict[str, int | None] = {}
        """Cache by ticket, for reading transactions."""

    def of_ticket(self, ticket: str, *kinds: Kind) -> list[int]:
        """Return the numbers of entries about a ticket, ascending; of these kinds, if any."""
        values = {f"kind{at}": kind.value for at, kind in enumerate(kinds)}
        found = self._transaction.execute(_of_kinds(len(kinds)), {"ticket": ticket, **values})
        return list(found.scalars())

    def rows(self, first: int, last: int) -> set[tuple[object, ...]]:
        """Return the index rows of a range of entries, to compare them with the log."""
        columns = [col(getattr(LogIndexRow, name)) for name in COLUMNS]
        query = sqlalchemy.select(*columns).where(columns[0] >= first, columns[0] <= last)
        return {tuple(row) for row in self._transaction.connection.execute(query)}

    def strays(self) -> set[int]:
        """Return numbers in the index for which there is no entry."""
        there = sqlalchemy.select(col(LogRow.seq)).where(col(LogRow.seq) == col(LogIndexRow.seq))
        query = sqlalchemy.select(col(LogIndexRow.seq)).where(~there.exists())
        return set(self._transaction.connection.execute(query).scalars())

    def last_seq(self, ticket: str, *kinds: Kind) -> int | None:
        """Return the newest entry of these kinds about a ticket, or None."""
        if not kinds:
            return self._newest(ticket)
        found = self.of_ticket(ticket, *kinds)
        return found[-1] if found else None

    def newest_of(self, tickets: Collection[str]) -> dict[str, int]:
        """Return ticket → newest entry, in few statements; a reading transaction remembers them."""
        found, wanted = dict[str, int](), sorted(set(tickets))
        for at in range(0, len(wanted), _AT_ONCE):
            query = _NEWEST_OF.where(col(LogIndexRow.ticket).in_(wanted[at : at + _AT_ONCE]))
            found |= {str(ticket): int(seq) for ticket, seq in self._transaction.execute(query)}
        if self._transaction.is_reading:
            self._read |= {ticket: found.get(ticket) for ticket in wanted}
        return found

    def _newest(self, ticket: str) -> int | None:
        if ticket in self._read:
            return self._read[ticket]
        seq: int | None = self._transaction.execute(_NEWEST, {"ticket": ticket}).scalar()
        if self._transaction.is_reading:
            self._read[ticket] = seq
        return seq


_OF_TICKET = (
    sqlalchemy.select(col(LogIndexRow.seq))
    .where(col(LogIndexRow.ticket) == bindparam("ticket"))
    .order_by(col(LogIndexRow.seq))
)


@cache
def _of_kinds(kinds: int) -> "sqlalchemy.Select[int]":
    """Return a cached statement for this number of kinds (0: all).

    An expanding list parameter would be rendered anew at each execution.
    """
    wanted: list[BindParameter[str]] = [bindparam(f"kind{at}") for at in range(kinds)]
    return _OF_TICKET.where(col(LogIndexRow.kind).in_(wanted)) if wanted else _OF_TICKET


_NEWEST_OF: sqlalchemy.Select[*tuple[Any, ...]] = sqlalchemy.select(
    col(LogIndexRow.ticket), sqlalchemy.func.max(LogIndexRow.seq)
).group_by(col(LogIndexRow.ticket))
_NEWEST = sqlalchemy.select(sqlalchemy.func.max(LogIndexRow.seq)).where(
    col(LogIndexRow.ticket) == bindparam("ticket")
)
