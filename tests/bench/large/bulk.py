"""Rows by the hundred thousand, for the demo city of a real city's size.

Everything else is written by use cases, one fact after the other; a city of years would take hours
that way. Nothing is checked here: whoever hands rows in has made them with the same seals, marks
and hashes, and `doctor` reads them afterwards.
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
from publicmeeting.store.public_record import Log
from publicmeeting.turns.merkle import Edge

_AT_ONCE = 5000


class Table(Enum):
    """What can be written in bulk."""

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
        """The search index, from each request's id, title, text and code."""
        marks = cache(self._vault.search_marks)  # many invented texts are the same
        rows = (
            (key, self._vault.joined(marks(f"{title} {text}"), code))
            for key, title, text, code in requests
        )
        self.write(Table.MARK, ("request_id", "marks"), rows)

    def counted(self, table: Table, newest: int) -> None:
        """The database counts on after the newest id that was written by hand."""
        if self._session.get_bind().dialect.name == "postgresql":
            name = str(table.value.__tablename__)
            self._transaction.connection.exec_driver_sql(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", (name, newest)
            )

    def settle(self) -> None:
        """What the planner knows of the tables, as they are now."""
        self._transaction.connection.exec_driver_sql("ANALYZE")

    def _copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        driver = cast("Any", self._transaction.connection.connection)
        names = ", ".join(f'"{name}"' for name in columns)
        copying = f'COPY "{table}" ({names}) FROM STDIN'
        with driver.cursor() as cursor, cursor.copy(copying) as out:
            for row in rows:
                out.write_row(row)


def set_head(log: Log, edge: Edge, at: str) -> None:
    """The log's head after entries that were written in bulk."""
    head = log._head or log._locked_head()
    head.edge, head.at, head.has_moved = edge, at, True


def _parts(rows: Iterable[Sequence[object]]) -> Iterator[list[Sequence[object]]]:
    rest = iter(rows)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
