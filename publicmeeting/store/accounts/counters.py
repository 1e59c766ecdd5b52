"""Counters behind the rate limits; machine time.

They are per time window and under keyed names. `usecases/rate_limits.py` has one table of what is
counted, the limits, and their consequences.
"""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import bindparam, case
from sqlmodel import col, delete, update

from publicmeeting.store.database.repository import Repository, write, write_if_new
from publicmeeting.store.database.rows.people import RateRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE


class _Count(NamedTuple):
    since: datetime
    number: int


_AHEAD = timedelta(minutes=1)
"""Maximum lead of another machine's clock (much more than `DRIFT_MOST`)."""
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_MOST = 1_000_000_000
"""More than is ever counted; a larger number could not be increased on PostgreSQL."""
_HELD_MOST = 20_000
"""How many counts a process remembers before it drops those whose window has ended."""
_KEY = col(RateRow.key) == bindparam("mark")
_FOUND = sqlalchemy.select(col(RateRow.since), col(RateRow.count)).where(_KEY)
_LOCKED = _FOUND.with_for_update()
_COUNT = (
    update(RateRow)
    .where(_KEY)
    .values(since=bindparam("begun"), ends_at=bindparam("end"), count=bindparam("number"))
)
# Statements of most steps are built once: building costs more than executing.
_TIME = _FOUND.selected_columns["since"].type
_IS_OPEN = (col(RateRow.since) > bindparam("after")) & (col(RateRow.since) <= bindparam("ahead"))
_FEWER = (
    update(RateRow)
    .where(_KEY)
    .where(_IS_OPEN)
    .values(
        count=case(
            (col(RateRow.count) > bindparam("less"), col(RateRow.count) - bindparam("less")),
            else_=0,
        )
    )
)
_MORE = (
    update(RateRow)
    .where(_KEY)
    .values(
        since=case((_IS_OPEN, col(RateRow.since)), else_=bindparam("begun", type_=_TIME)),
        ends_at=case((_IS_OPEN, col(RateRow.ends_at)), else_=bindparam("end", type_=_TIME)),
        count=case(
            (_IS_OPEN & (col(RateRow.count) < _MOST), col(RateRow.count)),
            (_IS_OPEN, _MOST),
            else_=0,
        )
        + bindparam("more"),
    )
)


class CountedHere:
    """Wrong tries that one process has counted, by mark.

    The database owner could otherwise delete their rows and try all codes. What another process has
    cleared stays here until its window ends.
    """

    def __init__(self) -> None:
        self._counts: dict[str, tuple[_Count, timedelta]] = {}
        self._lock = threading.Lock()

    def of(self, mark: str) -> _Count | None:
        found = self._counts.get(mark)
        return found[0] if found else None

    def note(self, counted: Mapping[str, tuple[_Count, timedelta]], now: datetime) -> None:
        """Add counts that were committed; one of zero was cleared."""
        with self._lock:
            self._counts.update(counted)
            if len(self._counts) > _HELD_MOST:
                open_ones = [
                    (mark, held)
                    for mark, held in self._counts.items()
                    if held[0].number and held[0].since + held[1] > now
                ]
                self._counts = dict(open_ones[-_HELD_MOST // 2 :])


class Counters(Repository):
    """Counters whose window begins with its first event and ends by itself."""

    def __init__(self, transaction: Transaction, here: CountedHere) -> None:
        super().__init__(transaction)
        self._here = here
        self._last: dict[tuple[str, timedelta], int] = {}
        """Mark and window → what `write_last` adds."""
        self._held: dict[str, tuple[_Count, timedelta]] = {}
        """What this process remembers once it is committed."""

    def value(self, name: str, window: timedelta) -> int:
        """Return the count of the current window, without a lock."""
        mark = self._mark(name)
        open_count = self._open(mark, self._found(mark), window)
        number = open_count.number if open_count else 0
        return max(0, number + self._last.get((mark, window), 0))

    def begun_at(self, name: str, window: timedelta) -> datetime:
        """Return when the current window began, without a lock; now if none is open."""
        row = self._found(self._mark(name))
        return row.since if row and self._is_open(row, window) else self._transaction.machine_now

    def locked_value(self, name: str, window: timedelta) -> int:
        """Return the same with a lock: others wait to count under this name."""
        mark = self._mark(name)
        open_count = self._open(mark, self._locked_row(mark), window)
        return open_count.number if open_count else 0

    def add(self, name: str, window: timedelta, amount: int = 1, *, is_guess: bool = False) -> int:
        """Add `amount` and return the new count, which is never below zero.

        This process remembers a guess, whatever becomes of its row.
        """
        assert not self._transaction.is_reading, "what a reading writes is lost: it counts nothing"
        mark = self._mark(name)
        row = self._locked_row(mark)
        open_count = self._open(mark, row, window)
        if open_count is None and amount <= 0:
            return 0
        open_count = open_count or _Count(self._transaction.machine_now, 0)
        counted = _Count(open_count.since, max(0, open_count.number + amount))
        if row is None:
            self._begin(mark, counted, window)
        else:
            self._write(mark, counted, counted.since + window)
        if is_guess:
            self._held[mark] = counted, window
        return counted.number

    def add_last(self, name: str, window: timedelta, amount: int = 1) -> None:
        """Add `amount` right before the commit, so that nobody waits for anything else of this.

        For names that many people share. Those who count at the same instant do not see each other.
        """
        assert not self._transaction.is_reading, "what a reading writes is lost: it counts nothing"
        key = self._mark(name), window
        self._last[key] = self._last.get(key, 0) + amount

    def write_last(self) -> None:
        """Write what `add_last` has collected, in one order for all transactions."""
        now = self._transaction.machine_now
        for (mark, window), amount in sorted(self._last.items()):
            span = {"after": now - window, "ahead": now + _AHEAD}
            if amount < 0:
                self._transaction.execute(_FEWER, {"mark": mark, "less": -amount, **span})
            elif amount:
                more = {"mark": mark, "begun": now, "end": now + window, "more": amount, **span}
                row = {"key": mark, "since": now, "ends_at": now + window, "count": amount}
                # Of two who are the first, one inserts the row; the other adds to it.
                if not self._transaction.execute(_MORE, more).rowcount and not write_if_new(
                    self._transaction, RateRow, row
                ):
                    self._transaction.execute(_MORE, more)
        self._last.clear()

    def begin(self, name: str, window: timedelta) -> None:
        """Count the first event under a name that is unknown to others until the commit."""
        assert not self._transaction.is_reading, "what a reading writes is lost: it counts nothing"
        self._begin(self._mark(name), _Count(self._transaction.machine_now, 1), window)

    def is_first(self, name: str, window: timedelta) -> bool:
        """Whether this is the first use of a name that belongs to a single window.

        A concurrent caller waits for this transaction.
        """
        return write_if_new(self._transaction, RateRow, self.first_row(name, window))

    def first_row(self, name: str, window: timedelta) -> dict[str, object]:
        """Return the row that `is_first` adds."""
        now = self._transaction.machine_now
        return {"key": self._mark(name), "since": now, "ends_at": now + window, "count": 1}

    def clear(self, name: str) -> None:
        mark = self._mark(name)
        row = self._locked_row(mark)
        if row is not None:
            self._write(mark, _Count(row.since, 0), self._transaction.machine_now)
        if self._here.of(mark) is not None:
            self._held[mark] = _Count(_LONG_AGO, 0), timedelta(0)

    def remember(self) -> None:
        """Remember the guesses of this transaction, after its commit."""
        if self._held:
            self._here.note(self._held, self._transaction.machine_now)

    def minutes_left(self, name: str, window: timedelta) -> int:
        """Return the whole minutes until the current window ends, at least one."""
        mark, now = self._mark(name), self._transaction.machine_now
        found = self._found(mark)
        row = self._open(mark, found, window) or found
        since = min(row.since, now) if row else now
        left = since + window - now
        return max(1, -(-int(left.total_seconds()) // 60))

    def sweep(self) -> None:
        """Delete counts whose window has ended, and those written by a clock that ran ahead."""
        now = self._transaction.machine_now
        ended = (col(RateRow.ends_at) <= now) | (col(RateRow.since) > now + _AHEAD)
        self._session.exec(delete(RateRow).where(ended))

    def _is_open(self, row: _Count, window: timedelta) -> bool:
        """Whether the window is open.

        One that begins in the future was started by a clock that ran ahead. It would lock its
        subject out until then.
        """
        return -_AHEAD <= self._transaction.machine_now - row.since < window

    def _mark(self, name: str) -> str:
        return self._vault.lookup("rate", name)

    def _write(self, mark: str, new: _Count, ends_at: datetime) -> None:
        values = {"mark": mark, "begun": new.since, "end": ends_at, "number": new.number}
        self._transaction.execute(_COUNT, values)

    def _begin(self, mark: str, new: _Count, window: timedelta) -> None:
        ends_at = new.since + window
        values = {"key": mark, "since": new.since, "ends_at": ends_at, "count": new.number}
        write(self._transaction, RateRow, values)

    def _open(self, mark: str, row: _Count | None, window: timedelta) -> _Count | None:
        """Return the count of the open window, no less than this process has counted."""
        held = self._held.get(mark)
        both = (row, held[0] if held else self._here.of(mark))
        counts = [one for one in both if one is not None and self._is_open(one, window)]
        return max(counts, key=lambda one: one.number, default=None)

    def _found(self, mark: str, *, locked: bool = False) -> _Count | None:
        """Return the count; one that the database owner made unreadable is over and zero.

        It would otherwise refuse whatever is counted under this name: every code of the city.
        """
        try:
            row = self._transaction.execute(_LOCKED if locked else _FOUND, {"mark": mark}).first()
        except UNREADABLE:
            return _Count(_LONG_AGO, 0)
        if row is None:
            return None
        since, number = row
        return _Count(since, min(number, _MOST)) if isinstance(number, int) else _Count(since, 0)

    def _locked_row(self, mark: str) -> _Count | None:
        row = self._found(mark, locked=True)
        if row is None and not self._transaction.is_serialized:
            # A row lock does not protect a row that does not exist yet.
            self._transaction.advisory_lock(f"rate/{mark}")
            row = self._found(mark, locked=True)
        return row
