"""The public log: one hash chain, its head locked last in every transaction that appends."""

import json
from datetime import datetime

import sqlalchemy
from sqlmodel import col, select, update

from publicmeeting.kit.canonical import canonical_json
from publicmeeting.store.door import Door, write
from publicmeeting.store.rows.city import LogHeadRow, LogRow
from publicmeeting.turns.log import GENESIS, Entry, Kind, entry

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
        self._session.connection().execute(_MOVE, {"seq": new.seq, "hash": new.hash})
        self._head = (new.seq, new.hash)
        return new

    def _locked_head(self) -> tuple[int, str]:
        self._session.flush()  # a row this work still holds back would be locked after the head
        seq, prev = self._session.connection().execute(_LOCKED).one()
        return seq, prev

    def head(self) -> tuple[int, str]:
        row = self._session.connection().execute(_HEAD).first()
        return (row[0], row[1]) if row else (0, GENESIS)

    def found(self, kind: Kind, body: dict[str, object]) -> tuple[int, str] | None:
        """Number and hash of the newest entry with exactly this body."""
        row = self._session.exec(
            select(LogRow)
            .where(LogRow.kind == kind.value)
            .where(LogRow.body == canonical_json(body))
            .order_by(col(LogRow.seq).desc())
        ).first()
        return (row.seq, row.hash) if row else None

    def after(self, seq: int, limit: int = 1000) -> list[Entry]:
        rows = self._session.exec(
            select(LogRow).where(LogRow.seq > seq).order_by(col(LogRow.seq)).limit(limit)
        )
        return [Entry(r.seq, r.at, Kind(r.kind), json.loads(r.body), r.prev, r.hash) for r in rows]
