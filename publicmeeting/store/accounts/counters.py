"""How often something happened in a window of time, by keyed names; machine time.

What is counted, how often it may happen and what happens then stands in one table:
`usecases/rate_limits.py`.
"""

from datetime import datetime, timedelta

from sqlmodel import col, delete

from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.people import RateRow

LONGEST_WINDOW = timedelta(days=1)
"""No counter looks further back."""


class Counters(Repository):
    """A window begins with the first event in it and ends by itself."""

    def value(self, name: str, window: timedelta) -> int:
        """How much has been counted in the present window; locks nothing."""
        row = self._session.get(RateRow, self._mark(name))
        return row.count if row and self._is_open(row, window) else 0

    def locked_value(self, name: str, window: timedelta) -> int:
        """The same; nobody else counts under this name until this transaction ends."""
        row = self._locked_row(self._mark(name))
        return row.count if row and self._is_open(row, window) else 0

    def add(self, name: str, window: timedelta, amount: int = 1) -> int:
        """Count `amount` (below zero: take back, never under zero); returns the new value."""
        mark = self._mark(name)
        row = self._locked_row(mark)
        now = self._transaction.machine_now
        if row is None or not self._is_open(row, window):
            if amount <= 0:
                return 0
            row = row or RateRow(key=mark, since=now, count=0)
            row.since, row.count = now, 0
        row.count = max(0, row.count + amount)
        self._session.add(row)
        return row.count

    def clear(self, name: str) -> None:
        row = self._locked_row(self._mark(name))
        if row is not None:
            row.count = 0
            self._session.add(row)

    def minutes_left(self, name: str, window: timedelta) -> int:
        """Whole minutes until the present window ends, at least one."""
        row = self._session.get(RateRow, self._mark(name))
        since: datetime = row.since if row else self._transaction.machine_now
        left = since + window - self._transaction.machine_now
        return max(1, -(-int(left.total_seconds()) // 60))

    def sweep(self) -> None:
        """Forget counts that can matter no more."""
        old = self._transaction.machine_now - LONGEST_WINDOW
        self._session.exec(delete(RateRow).where(col(RateRow.since) < old))

    def _is_open(self, row: RateRow, window: timedelta) -> bool:
        return self._transaction.machine_now - row.since < window

    def _mark(self, name: str) -> str:
        return self._vault.lookup("rate", name)

    def _locked_row(self, mark: str) -> RateRow | None:
        row = self._locked(RateRow, mark)
        if row is None:  # for a row that is not there yet nobody would wait
            self._transaction.advisory_lock(f"rate/{mark}")
            row = self._locked(RateRow, mark)
        return row
