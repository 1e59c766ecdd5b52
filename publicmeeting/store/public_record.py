"""The public log: one hash chain, its head locked last in every transaction that appends."""

import json
from datetime import date, datetime, timedelta

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col, func, select, update

from publicmeeting.domain.errors import Denied
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.jalali import iso
from publicmeeting.store.database.repository import Repository, write
from publicmeeting.store.database.rows.city import LogHeadRow, LogRow
from publicmeeting.store.line.log_index import write_index
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import GENESIS, Entry, entry, instant, moment

TOPIC = "log"
"""Rung for whoever reads the log's newest entries."""

_FRAME = 235
"""Characters of a published entry beside its body."""

WAITED_MOST = timedelta(minutes=1)
"""So long may a transaction have waited, since it read the clock, for those who write before it."""

_HEAD = sqlalchemy.select(col(LogHeadRow.seq), col(LogHeadRow.hash), col(LogHeadRow.at)).where(
    col(LogHeadRow.id) == 1
)
"""One row, made by the first migration."""
_LOCKED = _HEAD.with_for_update()
_AFTER = (
    sqlalchemy.select(
        col(LogRow.seq),
        col(LogRow.at),
        col(LogRow.kind),
        col(LogRow.body),
        col(LogRow.prev),
        col(LogRow.hash),
    )
    .where(col(LogRow.seq) > bindparam("seq"))
    .order_by(col(LogRow.seq))
    .limit(bindparam("limit"))
)
_MOVE = update(LogHeadRow).where(col(LogHeadRow.id) == 1)


class Log(Repository):
    _head: tuple[int, str, str | None] | None = None
    """Number, hash and time of the newest entry, once it is locked: nobody else can move it now."""

    def append(self, kind: Kind, body: dict[str, object], at: datetime) -> Entry:
        """The next entry. Its time is never before that of the one before it.

        Who read the clock and then waited for others writes with the time of theirs; a request's
        own time then stands in the body, for its line hangs on it. `Denied("clock_behind")` where
        it is too much for waiting: one of two clocks is wrong, and nobody here knows which.
        """
        seq, prev, newest = self._head or self._locked_head()
        if newest is not None and moment(at) < newest:
            head_at = instant(newest)
            if head_at - at > WAITED_MOST:
                raise Denied("clock_behind")
            if kind is Kind.FILED:
                body = {"filed_at": moment(at), **body}
            at = head_at
        new = entry(seq + 1, at, kind, body, prev)
        write(
            self._transaction,
            LogRow,
            {
                "seq": new.seq,
                "at": new.at,
                "kind": new.kind,
                "body": canonical_json(body),
                "prev": new.prev,
                "hash": new.hash,
            },
        )
        write_index(self._transaction, new)
        self._head = (new.seq, new.hash, new.at)
        self._transaction.connection.execute(
            _MOVE, {"seq": new.seq, "hash": new.hash, "at": new.at}
        )
        self._transaction.publish(TOPIC)
        return new

    def set_head(self, newest: Entry) -> None:
        """The head after entries that were written in bulk."""
        head = {"seq": newest.seq, "hash": newest.hash, "at": newest.at}
        self._transaction.connection.execute(_MOVE, head)

    def _locked_head(self) -> tuple[int, str, str | None]:
        self._session.flush()  # or a row not yet written would be locked after the head
        seq, prev, newest = self._transaction.connection.execute(_LOCKED).one()
        return seq, prev, newest

    def head(self) -> tuple[int, str]:
        row = self._transaction.connection.execute(_HEAD).first()
        return (row[0], row[1]) if row else (0, GENESIS)

    def hash_of(self, seq: int) -> str | None:
        """The hash of one entry; None where the log has not come so far."""
        return self._session.exec(select(LogRow.hash).where(LogRow.seq == seq)).first()

    def newest_at(self) -> datetime | None:
        """The time of the newest entry; no later one may be earlier."""
        row = self._transaction.connection.execute(_HEAD).first()
        return instant(row[2]) if row and row[2] else None

    def entry_with(self, kind: Kind, body: dict[str, object]) -> tuple[int, str] | None:
        """Number and hash of the newest entry with exactly this body."""
        row = self._session.exec(
            select(LogRow)
            .where(LogRow.kind == kind.value)
            .where(LogRow.body == canonical_json(body))
            .order_by(col(LogRow.seq).desc())
        ).first()
        return (row.seq, row.hash) if row else None

    def letters(self) -> int:
        """About how long the log is as published, in characters."""
        count, bodies = self._session.exec(
            select(func.count(), func.coalesce(func.sum(func.length(LogRow.body)), 0))
        ).one()
        return int(bodies) + int(count) * _FRAME

    def starting(self, letters: str) -> Entry | None:
        """The oldest entry whose hash begins so."""
        row = self._session.exec(
            select(LogRow)
            .where(col(LogRow.hash) >= letters)
            .where(col(LogRow.hash) < letters + "g")
            .order_by(col(LogRow.seq))
        ).first()
        return _entry(row) if row else None

    def entry(self, seq: int) -> Entry:
        """One entry by its number; KeyError where the log has not come so far."""
        found = self.after(seq - 1, 1)
        if not found or found[0].seq != seq:
            raise KeyError(seq)
        return found[0]

    def counts(self, since: datetime) -> dict[Kind, int]:
        """How many entries of each kind were written from a time on."""
        rows = self._session.exec(
            select(col(LogRow.kind), func.count())
            .where(col(LogRow.at) >= moment(since))
            .group_by(col(LogRow.kind))
        )
        return {Kind(kind): count for kind, count in rows}

    def of_kind(self, kind: Kind, since: datetime) -> list[Entry]:
        rows = self._session.exec(
            select(LogRow)
            .where(LogRow.kind == kind.value)
            .where(col(LogRow.at) >= moment(since))
            .order_by(col(LogRow.seq))
        )
        return [_entry(row) for row in rows]

    def of_monday(self, kind: Kind, monday: date, district: int | None = None) -> list[Entry]:
        """Entries about the draws of a Monday, or about one of them."""
        which = "d__" if district is None else draw_id(district, monday).partition("-")[0]
        rows = self._session.exec(
            select(LogRow)
            .where(LogRow.kind == kind.value)
            .where(col(LogRow.body).like(f'%"draw":"{which}-{iso(monday)}"%'))
            .order_by(col(LogRow.seq))
        )
        return [_entry(row) for row in rows]

    def after(self, seq: int, limit: int = 1000) -> list[Entry]:
        rows = self._transaction.execute(_AFTER, {"seq": seq, "limit": limit})
        return [
            Entry(number, at, Kind(kind), json.loads(body), prev, digest)
            for number, at, kind, body, prev, digest in rows
        ]


def _entry(row: LogRow) -> Entry:
    return Entry(row.seq, row.at, Kind(row.kind), json.loads(row.body), row.prev, row.hash)
