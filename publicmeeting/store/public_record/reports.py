"""Reports that entries of the public log refer to by hash, and the hashes of histories in them.

A report contains one hash over the whole history of each event table (docs/turns.md section 5). The
hashes detect a change of an older event, even if somebody bypasses the program and restores the
triggers that refuse it.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta

import sqlalchemy
from sqlalchemy import Table, func
from sqlmodel import SQLModel, col, select

from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.hashing import sha
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.city import LogReportRow

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "account_event": ("id", "at", "account_id", "by_account", "kind", "body"),
    "custody": ("id", "request_id", "sheet", "part", "sha256", "account_id", "role", "at"),
    "event": (
        *("id", "request_id", "order_id", "action", "role", "from_stage", "to_stage"),
        *("account_id", "person_id", "payload", "note_id", "due_at", "at"),
    ),
    "opening": ("day", "request_id", "account_id", "role", "at", "with_name"),
}
"""Columns that the hash of each table covers, in this order.

Columns added later are not covered, because they would change every existing hash.
"""
_BY_DAY = "opening"
"""Its rows have no number: the number of their day counts, as `date.toordinal` returns it."""
_SETTLES = timedelta(minutes=30)
"""Longer than any transaction: until then a smaller number may still appear."""
_AT_ONCE = 1000


class Histories(Repository):
    def settled(self, now: datetime) -> dict[str, int]:
        """Return per table the number up to which no row will be added any more; 0 if empty.

        Openings of a case can be changed until their day is over.
        """
        settled = {_BY_DAY: tehran_day(now - _SETTLES).toordinal() - 1}
        for name in _COLUMNS.keys() - settled.keys():
            table = _table(name)
            key, before = table.c.id, now - _SETTLES
            newest = self._session.execute(sqlalchemy.select(func.max(key))).scalar() or 0
            new = self._session.execute(
                sqlalchemy.select(func.min(key)).where(table.c.at > before)
            ).scalar()
            settled[name] = newest if new is None else new - 1
        return settled

    def has_hash(self, name: str) -> bool:
        """Return whether this release makes a hash of the table."""
        return name in _COLUMNS

    def hashes(self, name: str, numbers: Collection[int]) -> dict[int, str]:
        """Return for each number the SHA-256 of all rows up to it.

        Each row is one JSON array with a line feed, instants in UTC. Raises KeyError for a table
        without a hash.
        """
        table, names = _table(name), _COLUMNS[name]
        digest, found, rest = hashlib.sha256(), dict[int, str](), sorted({*numbers})
        last = max(rest, default=0)
        query = sqlalchemy.select(*(table.c[name] for name in names))
        if name == _BY_DAY:
            until = date.fromordinal(max(last, 1))
            query = query.where(table.c.day <= until).order_by(*(table.c[key] for key in names[:3]))
        else:
            query = query.where(table.c.id <= last).order_by(table.c.id)
        rows = self._session.connection().execute(query, execution_options={"yield_per": _AT_ONCE})
        for row in rows:
            while rest[0] < _number(row[0]):
                found[rest.pop(0)] = digest.hexdigest()
            digest.update(_ENCODER.encode(tuple(row)).encode() + b"\n")
        return found | dict.fromkeys(rest, digest.hexdigest())


def number_words(name: str, number: int) -> str:
    """Return a number of `Histories.settled` for the operator."""
    return f"{date.fromordinal(number)}" if name == _BY_DAY else f"number {number}"


def _number(key: int | date) -> int:
    return key.toordinal() if isinstance(key, date) else key


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


def _instant(value: object) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    assert isinstance(value, datetime)
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_instant)


LOST = ""
"""Text in place of a report that was lost together with its database."""


class LogReports(Repository):
    def put(self, text: str) -> str:
        """Store a report; return the hash by which an entry refers to it."""
        digest = sha(text)
        self._put(digest, text)
        return digest

    def put_lost(self, digest: str) -> None:
        """Mark a report as lost: the restored database is older, so its findings do not apply."""
        self._put(digest, LOST)

    def _put(self, digest: str, text: str) -> None:
        if self._session.get(LogReportRow, digest) is None:
            self._session.add(LogReportRow(hash=digest, text=text))

    def text(self, digest: str) -> str | None:
        """Return a report as stored; `LOST` if it was lost."""
        row = self._session.get(LogReportRow, digest)
        return row.text if row else None

    def all(self) -> list[tuple[str, str]]:
        """Return (hash, text) of all available reports, by hash."""
        query = select(LogReportRow.hash, LogReportRow.text)
        there = query.where(col(LogReportRow.text) != LOST).order_by(col(LogReportRow.hash))
        return list(self._session.exec(there))
