"""Rows written by the hundred thousand, for the demo city of a real city's size.

Everything else is written by use cases, one fact after another; years of a city would take hours
that way. Nothing is checked here: the caller has made the rows with the same sealing, keyed hashes
and hashes, and `doctor` checks them afterwards.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from functools import cache
from itertools import islice
from typing import Any, cast

from sqlalchemy import insert

from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import (
    EventRow,
    MarkRow,
    NoteRow,
    OrderRow,
    OutboxRow,
    RequestRow,
)
from publicmeeting.store.database.rows.city import (
    DrawRow,
    JobRow,
    LogIndexRow,
    LogNodeRow,
    LogRow,
    MondayRow,
    SeatRow,
    SecretRow,
)
from publicmeeting.store.database.rows.people import PersonRow
from publicmeeting.store.public_record.log import Log
from publicmeeting.turns.tree.merkle import Edge

_AT_ONCE = 5000


class Table(Enum):
    """Tables that can be written in bulk."""

    PERSON = PersonRow
    REQUEST = RequestRow
    MARK = MarkRow
    NOTE = NoteRow
    EVENT = EventRow
    ORDER = OrderRow
    OUTBOX = OutboxRow
    SEAT = SeatRow
    MONDAY = MondayRow
    SECRET = SecretRow
    DRAW = DrawRow
    JOB = JobRow
    LOG = LogRow
    LOG_INDEX = LogIndexRow
    LOG_NODE = LogNodeRow


class Bulk(Repository):
    def write(self, table: Table, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Add rows of one table; each has the values of `columns` in their order."""
        self._session.flush()
        if self._session.get_bind().dialect.name == "postgresql":
            self._copy(str(table.value.__tablename__), columns, rows)
            return
        statement = insert(table.value)
        for some in _parts(rows):
            values = [dict(zip(columns, row, strict=True)) for row in some]
            self._transaction.connection.execute(statement, values)

    def mark(self, requests: Iterable[tuple[str, str, str, str]]) -> None:
        """Write the search index, from each request's id, title, text and code."""
        marks = cache(self._vault.search_marks)  # many invented texts are equal
        rows = (
            (key, self._vault.joined(marks(f"{title} {text}"), code))
            for key, title, text, code in requests
        )
        self.write(Table.MARK, ("request_id", "marks"), rows)

    def counted(self, table: Table, newest: int) -> None:
        """Let the database's sequence continue after the newest id that was written."""
        if self._session.get_bind().dialect.name == "postgresql":
            name = str(table.value.__tablename__)
            self._transaction.connection.exec_driver_sql(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", (name, newest)
            )

    def settle(self) -> None:
        """Update what the query planner knows of the tables."""
        self._transaction.connection.exec_driver_sql("ANALYZE")

    def _copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        driver = cast("Any", self._transaction.connection.connection)
        names = ", ".join(f'"{name}"' for name in columns)
        copying = f'COPY "{table}" ({names}) FROM STDIN'
        with driver.cursor() as cursor, cursor.copy(copying) as out:
            for row in rows:
                out.write_row(row)


def set_head(log: Log, edge: Edge, at: str) -> None:
    """Set the log's head after entries that were written in bulk."""
    head = log._head or log._locked_head()
    head.edge, head.at, head.has_moved = edge, at, True


def _parts(rows: Iterable[Sequence[object]]) -> Iterator[list[Sequence[object]]]:
    rest = iter(rows)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
