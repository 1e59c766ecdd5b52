"""How often something happened in a window of time, by keyed names; machine time.

What is counted, how often it may happen and what happens then is in one table:
`usecases/rate_limits.py`.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col, delete, update

from publicmeeting.store.database.repository import Repository, write, write_if_new
from publicmeeting.store.database.rows.people import RateRow


class _Count(NamedTuple):
    since: datetime
    many: int


_AHEAD = timedelta(minutes=1)
"""So far may another machine's clock be ahead of this one's (much more than `DRIFT_MOST`)."""
_KEY = col(RateRow.key) == bindparam("mark")
_FOUND = sqlalchemy.select(col(RateRow.since), col(RateRow.count)).where(_KEY)
_LOCKED = _FOUND.with_for_update()
_COUNT = (
    update(RateRow)
    .where(_KEY)
    .values(since=bindparam("begun"), ends_at=bindparam("end"), count=bindparam("so_many"))
)
# What most steps need is put together once: that costs more than to run it.


class Counters(Repository):
    """A window begins with the first event in it and ends by itself."""

    def value(self, name: str, window: timedelta) -> int:
        """How much has been counted in the present window; locks nothing."""
        row = self._found(self._mark(name))
        return row.many if row and self._is_open(row, window) else 0

    def locked_value(self, name: str, window: timedelta) -> int:
        """The same; nobody else counts under this name until this transaction ends."""
        row = self._locked_row(self._mark(name))
        return row.many if row and self._is_open(row, window) else 0

    def add(self, name: str, window: timedelta, amount: int = 1) -> int:
        """Count `amount` (below zero: take back, never under zero); returns the new value."""
        assert not self._transaction.is_reading, "what a reading writes is lost: it counts nothing"
        mark = self._mark(name)
        row = self._locked_row(mark)
        now = self._transaction.machine_now
        if row is None or not self._is_open(row, window):
            if amount <= 0:
                return 0
            if row is None:
                self._begin(mark, window, amount)
                return amount
            row = _Count(now, 0)
        counted = max(0, row.many + amount)
        self._write(mark, _Count(row.since, counted), row.since + window)
        return counted

    def begin(self, name: str, window: timedelta) -> None:
        """Count the first under a name that nobody else can know before this transaction ends."""
        assert not self._transaction.is_reading, "what a reading writes is lost: it counts nothing"
        self._begin(self._mark(name), window, 1)

    def is_first(self, name: str, window: timedelta) -> bool:
        """Whether nobody has asked for this name, which is of one window only, in a transaction
        that was committed; whoever asks meanwhile waits for this one."""
        now = self._transaction.machine_now
        row = {"key": self._mark(name), "since": now, "ends_at": now + window, "count": 1}
        return write_if_new(self._transaction, RateRow, row)

    def clear(self, name: str) -> None:
        mark = self._mark(name)
        row = self._locked_row(mark)
        if row is not None:
            self._write(mark, _Count(row.since, 0), self._transaction.machine_now)

    def minutes_left(self, name: str, window: timedelta) -> int:
        """Whole minutes until the present window ends, at least one."""
        row = self._found(self._mark(name))
        now = self._transaction.machine_now
        since = min(row.since, now) if row else now
        left = since + window - now
        return max(1, -(-int(left.total_seconds()) // 60))

    def sweep(self) -> None:
        """Forget counts that can matter no more, each at the end of its own window; and those that
        a clock has written which was ahead."""
        now = self._transaction.machine_now
        ended = (col(RateRow.ends_at) <= now) | (col(RateRow.since) > now + _AHEAD)
        self._session.exec(delete(RateRow).where(ended))

    def _is_open(self, row: _Count, window: timedelta) -> bool:
        """A window that begins later than now was begun by a clock that was ahead: it would stay
        open until then, and keep out whoever it counts."""
        return -_AHEAD <= self._transaction.machine_now - row.since < window

    def _mark(self, name: str) -> str:
        return self._vault.lookup("rate", name)

    def _write(self, mark: str, new: _Count, ends_at: datetime) -> None:
        values = {"mark": mark, "begun": new.since, "end": ends_at, "so_many": new.many}
        self._transaction.execute(_COUNT, values)

    def _begin(self, mark: str, window: timedelta, amount: int) -> None:
        now = self._transaction.machine_now
        values = {"key": mark, "since": now, "ends_at": now + window, "count": amount}
        write(self._transaction, RateRow, values)

    def _found(self, mark: str, *, locked: bool = False) -> _Count | None:
        row = self._transaction.execute(_LOCKED if locked else _FOUND, {"mark": mark}).first()
        return _Count(*row) if row else None

    def _locked_row(self, mark: str) -> _Count | None:
        row = self._found(mark, locked=True)
        if row is None and not self._transaction.is_serialized:
            # For a row that is not there yet nobody would wait.
            self._transaction.advisory_lock(f"rate/{mark}")
            row = self._found(mark, locked=True)
        return row
