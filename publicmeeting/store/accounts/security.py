"""Security events, such as attacks and refusals; machine time.

Repetitions of an event are counted in one row, so a flood makes few rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import col, delete, func, select, update

from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.kit.hashing import sha
from publicmeeting.store.accounts.counters import Counters
from publicmeeting.store.database.repository import Repository, readable_rows, write
from publicmeeting.store.database.rows.people import SecurityEventRow
from publicmeeting.store.database.transaction import Transaction

STAYS = timedelta(days=90)
"""Retention; the database itself refuses to delete younger events."""


ROWS_AN_HOUR = 200
"""Maximum rows of one kind per hour; further events share one row without person and address."""


_AN_HOUR = timedelta(hours=1)


_LONGEST = 120


_OLD = {
    "sqlite": "last_at < strftime('%Y-%m-%d %H:%M:%S', 'now', :age)",
    "postgresql": "last_at < now() - CAST(:age AS interval)",
}


_AGE = {"sqlite": f"-{STAYS.days} days", "postgresql": f"{STAYS.days} days"}


@dataclass(frozen=True, slots=True)
class SecurityEvent:
    """One event or several equal ones: `at` is the first, `last_at` the last of `count` events."""

    kind: SecurityKind
    who: str
    address: str
    device: str
    what: str
    at: datetime
    last_at: datetime
    count: int


class Security(Repository):
    def __init__(self, transaction: Transaction, counters: Counters) -> None:
        super().__init__(transaction)
        self._counters = counters

    def record(
        self, kind: SecurityKind, who: str, what: str, *, address: str, device: str, times: int = 1
    ) -> None:
        """Add an event, or count it if the same one happened in this hour."""
        who, what, address = (" ".join(one.split())[:_LONGEST] for one in (who, what, address))
        if self._count(kind, who, what, address, times):
            return
        if self._counters.add(f"security/{kind}", _AN_HOUR) > ROWS_AN_HOUR:
            who = address = device = ""
            what = "overflow"
            if self._count(kind, who, what, address, times):
                return
        now = self._transaction.machine_now
        row = {
            "repeats": self._group(kind, who, what, address),
            "kind": kind.value,
            "who": who,
            "address": address,
            "device": device,
            "what": what,
            "at": now,
            "last_at": now,
            "count": times,
        }
        write(self._transaction, SecurityEventRow, row)

    def report_forged(self, what: str) -> None:
        """Record, once in `STAYS`, that something in the database is not of this program."""
        if self._counters.is_first(f"forged/{what}", STAYS):
            self.record(SecurityKind.FORGED, "", what, address="", device="")

    def page(
        self, kinds: Sequence[SecurityKind], *, skip: int = 0, most: int = 50
    ) -> list[SecurityEvent]:
        """Return events, newest first; of all kinds if none is named."""
        query = select(SecurityEventRow).order_by(
            col(SecurityEventRow.last_at).desc(), col(SecurityEventRow.id).desc()
        )
        if kinds:
            query = query.where(col(SecurityEventRow.kind).in_([kind.value for kind in kinds]))
        rows = readable_rows(
            self._transaction, query, "an event", first=skip, most=most, as_objects=True
        )
        return [_event(row) for (row,) in rows]

    def sweep(self) -> None:
        """Delete old events by the database's clock; a wrong machine clock deletes nothing."""
        dialect = self._transaction.connection.dialect.name
        old = delete(SecurityEventRow).where(text(_OLD[dialect]))
        self._transaction.execute(old, {"age": _AGE[dialect]})

    def _count(self, kind: SecurityKind, who: str, what: str, address: str, times: int) -> bool:
        """Count the event in an existing row; return whether there was one."""
        group = self._group(kind, who, what, address)
        self._transaction.advisory_lock(
            f"security/{group}"
        )  # of two concurrent first events only one inserts the row
        counted = (
            update(SecurityEventRow)
            .where(col(SecurityEventRow.repeats) == group)
            .values(
                count=col(SecurityEventRow.count) + times,
                last_at=func.max(col(SecurityEventRow.last_at), self._transaction.machine_now)
                if self._transaction.is_serialized
                else func.greatest(col(SecurityEventRow.last_at), self._transaction.machine_now),
            )
        )
        return self._transaction.execute(counted).rowcount > 0

    def _group(self, kind: SecurityKind, who: str, what: str, address: str) -> str:
        hour = int(self._transaction.machine_now.timestamp() // _AN_HOUR.total_seconds())
        return sha("security", kind.value, who, what, address, f"{hour}")


def _event(row: SecurityEventRow) -> SecurityEvent:
    return SecurityEvent(
        kind=SecurityKind(row.kind),
        who=row.who,
        address=row.address,
        device=row.device,
        what=row.what,
        at=row.at,
        last_at=row.last_at,
        count=row.count,
    )
