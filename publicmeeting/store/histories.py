"""One hash over the whole history of each event table.

A report of the public log contains these hashes (docs/turns.md section 5). They detect a change of
an older event, even if somebody bypasses the program and restores the triggers that refuse it.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Table, func, select
from sqlmodel import SQLModel

from publicmeeting.store.database.repository import Repository

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "account_event": ("id", "at", "account_id", "by_account", "kind", "body"),
    "custody": ("id", "request_id", "sheet", "part", "sha256", "account_id", "role", "at"),
    "event": (
        *("id", "request_id", "order_id", "action", "role", "from_stage", "to_stage"),
        *("account_id", "person_id", "payload", "note_id", "due_at", "at"),
    ),
}
"""Columns that the hash of each table covers, in this order.

Columns added later are not covered, because they would change every existing hash.
"""
_SETTLES = timedelta(minutes=30)
"""Longer than any transaction: until then a smaller number may still appear."""
_AT_ONCE = 1000


class Histories(Repository):
    def settled(self, now: datetime) -> dict[str, int]:
        """Return per table the number up to which no row will be added any more; 0 if empty."""
        settled = {}
        for name in _COLUMNS:
            table = _table(name)
            key, before = table.c.id, now - _SETTLES
            newest = self._session.execute(select(func.max(key))).scalar() or 0
            new = self._session.execute(select(func.min(key)).where(table.c.at > before)).scalar()
            settled[name] = newest if new is None else new - 1
        return settled

    def hashes(self, name: str, numbers: Collection[int]) -> dict[int, str]:
        """Return for each number the SHA-256 of all rows up to it.

        Each row is one JSON array with a line feed, instants in UTC. Raises KeyError for a table
        without a hash.
        """
        table, names = _table(name), _COLUMNS[name]
        digest, found, rest = hashlib.sha256(), dict[int, str](), sorted({*numbers})
        query = (
            select(*(table.c[one] for one in names))
            .where(table.c.id <= max(rest, default=0))
            .order_by(table.c.id)
            .execution_options(yield_per=_AT_ONCE)
        )
        for row in self._session.connection().execute(query):
            while rest[0] < row.id:
                found[rest.pop(0)] = digest.hexdigest()
            digest.update(_ENCODER.encode(tuple(row)).encode() + b"\n")
        return found | dict.fromkeys(rest, digest.hexdigest())


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


def _instant(value: object) -> str:
    assert isinstance(value, datetime)
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_instant)
