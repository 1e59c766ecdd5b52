"""The public log: one hash chain, its head locked last in every transaction that appends."""

import json
from datetime import date, datetime

import sqlalchemy
from sqlmodel import col, func, select, update

from publicmeeting.kit.canonical import canonical_json
from publicmeeting.kit.jalali import iso
from publicmeeting.store.door import Door, write
from publicmeeting.store.rows.city import LogHeadRow, LogRow
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.log import GENESIS, Entry, Kind, entry, moment

TOPIC = "log"
"""Rung for whoever reads the log's newest entries."""

_FRAME = 235
"""Characters of a published entry beside its body."""

_HEAD = sqlalchemy.select(col(LogHeadRow.seq), col(LogHeadRow.hash)).where(col(LogHeadRow.id) == 1)
"""One row, made by the first migration."""
_LOCKED = _HEAD.with_for_update()
_MOVE = update(LogHeadRow).where(col(LogHeadRow.id) == 1)


class Log(Door):
    _head: tuple[int, str] | None = None
    """Number and hash of the newest entry, once it is locked: nobody else can move it now."""

    def append(self, kind: Kind, body: dict[str, object], at: datetime) -> Entry:
        seq, prev = self._head or self._locked_head()
        new = entry(seq + 1, at, kind, body, prev)
        write(self._work, LogRow, {"seq": new.seq, "at": new.at, "kind": new.kind,
                                   "body": canonical_json(body), "prev": new.prev,
                                   "hash": new.hash})  # fmt: skip
        self._work.connection.execute(_MOVE, {"seq": new.seq, "hash": new.hash})
        self._head = (new.seq, new.hash)
        self._work.ring(TOPIC)
        return new

    def go_on(self, newest: Entry) -> None:
        """The head after entries that were written in bulk."""
        head = {"seq": newest.seq, "hash": newest.hash, "at": newest.at}
        self._work.connection.execute(_MOVE, head)

    def _locked_head(self) -> tuple[int, str]:
        self._session.flush()  # a row this work still holds back would be locked after the head
        seq, prev = self._work.connection.execute(_LOCKED).one()
        return seq, prev

    def head(self) -> tuple[int, str]:
        row = self._work.connection.execute(_HEAD).first()
        return (row[0], row[1]) if row else (0, GENESIS)

    def hash_of(self, seq: int) -> str | None:
        """The hash of one entry; None where the log has not come so far."""
        return self._session.exec(select(LogRow.hash).where(LogRow.seq == seq)).first()

    def found(self, kind: Kind, body: dict[str, object]) -> tuple[int, str] | None:
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
        rows = self._session.exec(
            select(LogRow).where(LogRow.seq > seq).order_by(col(LogRow.seq)).limit(limit)
        )
        return [_entry(row) for row in rows]


def _entry(row: LogRow) -> Entry:
    return Entry(row.seq, row.at, Kind(row.kind), json.loads(row.body), row.prev, row.hash)
