"""Data of the worker: leases and marks of jobs, the demo's clock offset, and what is due next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import Select, bindparam
from sqlmodel import col, update

from publicmeeting.domain.lifecycle.advance import firing
from publicmeeting.domain.stages import OrderStage, Stage
from publicmeeting.store.database.repository import Repository, write
from publicmeeting.store.database.rows.cases import EventRow, OrderRow, RequestRow
from publicmeeting.store.database.rows.city import FactRow, JobRow, LogHeadRow
from publicmeeting.store.database.transaction import Together, Transaction
from publicmeeting.store.database.vault import UNREADABLE
from publicmeeting.store.database.words import is_instant, words
from publicmeeting.store.districts.city import FIRST_OPEN_ON, FIRST_UNENDED_ON, FURTHEST
from publicmeeting.store.districts.rules_proposals import NEWEST_OPEN
from publicmeeting.store.districts.texts import NEXT_DAY
from publicmeeting.store.facts import Facts, genuine
from publicmeeting.store.line.draws import LAST_DRAWN
from publicmeeting.store.line.lanes.questions import FIRST_UNDECIDED, FIRST_UNLOGGED
from publicmeeting.store.line.seats import FIRST_HELD_ON
from publicmeeting.store.public_record.statements import HEAD_ID
from publicmeeting.store.worker.marks import (
    MARKS,
    forged_marks,
    mark_columns,
    read_mark,
    read_marks,
)
from publicmeeting.turns.log import instant

LONGEST_LEASE = timedelta(minutes=5)
"""Maximum duration of a lease."""

OFFSET = "clock_offset_seconds"
_MOVED = "clock-offset"
"""Topic that is published when the offset changes."""

# Statements that the clock executes every second are built once: building costs more than
# executing.

_FIRING = [s.value for s in Stage if firing(s)]
_ORDER_FIRING = [s.value for s in OrderStage if firing(s)]

_LOG_HEAD = col(LogHeadRow.id) == HEAD_ID
_PULSE = sqlalchemy.select(
    sqlalchemy.select(col(FactRow.value)).where(col(FactRow.key) == OFFSET).scalar_subquery(),
    sqlalchemy.select(col(FactRow.tag)).where(col(FactRow.key) == OFFSET).scalar_subquery(),
    sqlalchemy.select(col(LogHeadRow.at)).where(_LOG_HEAD).scalar_subquery(),
    sqlalchemy.select(sqlalchemy.func.max(EventRow.id)).scalar_subquery(),
    sqlalchemy.select(col(LogHeadRow.seq)).where(_LOG_HEAD).scalar_subquery(),
)
"""One statement."""
_IS_JOB = sqlalchemy.select(col(JobRow.name)).where(col(JobRow.name) == bindparam("job"))
_SOME_MARKS = MARKS.where(col(JobRow.name).in_(bindparam("jobs", expanding=True)))
_BEGINS = (col(JobRow.name) >= bindparam("first"), col(JobRow.name) < bindparam("after"))
_MARKS_OF = MARKS.where(*_BEGINS)
_UPDATE_JOB = update(JobRow).where(col(JobRow.name) == bindparam("job"))
_CLAIM_JOB = _UPDATE_JOB.where(
    (col(JobRow.holder) == "")
    | (col(JobRow.holder) == bindparam("mine"))
    | col(JobRow.until).is_(None)
    | (col(JobRow.until) <= bindparam("now"))
    | (col(JobRow.until) > bindparam("latest"))
)
"""Condition: nobody else holds the job."""
_REQUESTS_DUE, _ORDERS_DUE = (
    sqlalchemy.select(col(row.due_at), col(row.id))
    .where(col(row.stage).in_(words(stages)))
    .where(is_instant(col(row.due_at)), col(row.due_at) <= bindparam("until"))
    for row, stages in ((RequestRow, _FIRING), (OrderRow, _ORDER_FIRING))
)
_FIRST_FIRINGS = tuple(
    sqlalchemy.select(sqlalchemy.func.min(row.due_at))
    .where(col(row.stage).in_(words(stages)))
    .where(is_instant(col(row.due_at)))
    for row, stages in ((RequestRow, _FIRING), (OrderRow, _ORDER_FIRING))
)
_CLIMBS_DUE = sqlalchemy.select(col(OrderRow.climbs_at), col(OrderRow.id)).where(
    is_instant(col(OrderRow.climbs_at)), col(OrderRow.climbs_at) <= bindparam("until")
)
_NEWEST_EVENT = sqlalchemy.select(sqlalchemy.func.max(EventRow.at)).where(
    col(EventRow.at) <= bindparam("until")
)
_DATABASE_NOW = sqlalchemy.select(sqlalchemy.func.clock_timestamp())
_FIRST_CLIMB = sqlalchemy.select(sqlalchemy.func.min(OrderRow.climbs_at)).where(
    is_instant(col(OrderRow.climbs_at))
)
_MOST_WORK = Together(
    *_FIRST_FIRINGS,
    _FIRST_CLIMB,
    FURTHEST,
    FIRST_OPEN_ON,
    FIRST_UNENDED_ON,
    FIRST_HELD_ON,
    LAST_DRAWN,
    FIRST_UNDECIDED,
    *FIRST_UNLOGGED,
    NEXT_DAY,
    NEWEST_OPEN,
)
"""Read-ahead of values that show for most jobs that there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline of a request or an order."""

    at: datetime
    request_id: str | None = None
    order_id: str | None = None


@dataclass(frozen=True, slots=True)
class Pulse:
    """The state of the city."""

    offset: timedelta
    """City time minus machine time."""
    logged_at: datetime | None
    """Time of the log's newest entry."""
    news: tuple[int, int]
    """Newest event and log entry; they change whenever anything has happened."""


class Clockwork(Repository):
    """Leases and marks of jobs, and deadlines of requests and orders."""

    def __init__(self, transaction: Transaction, facts: Facts) -> None:
        super().__init__(transaction)
        self._facts = facts
        self._done_at: dict[str, datetime | None] = {}
        """Cache for reading transactions."""

    def offset(self) -> timedelta:
        return _offset(self._facts.get(OFFSET))

    def cached_offset(self) -> timedelta:
        """Return the offset, cached for a second; it only changes when a demo's clock is moved."""
        now = self._transaction.machine_now
        return self._transaction.recent.get_or_compute(OFFSET, (_MOVED,), now, self.offset)

    def set_offset(self, offset: timedelta) -> None:
        """Set city time minus machine time; demo only, forward only (checked by the use case)."""
        self._transaction.publish(_MOVED)
        self._facts.put(OFFSET, str(offset.total_seconds()))

    def pulse(self) -> Pulse:
        """Read all values that change with any activity, in one statement; called every second."""
        seconds, tag, logged, event, entry = self._transaction.connection.execute(_PULSE).one()
        return Pulse(
            offset=_offset(genuine(self._vault, OFFSET, seconds, tag)),
            logged_at=_instant(logged),
            news=(event or 0, entry or 0),
        )

    def lease(
        self, job: str, holder: str, stays: timedelta, done_at: datetime | None = None
    ) -> bool:
        """Claim a job for this process; False while another holds it. A zero `stays` releases it.

        All processes use the database's clock if it has one. A lease that ends later than allowed
        was written by a wrong clock and is ignored. A released job has no holder, because a seeded
        city has its own clock and its leases may end in the future. `done_at` marks the job as done
        in the same statement.
        """
        assert stays <= LONGEST_LEASE, stays
        self._transaction.advisory_lock(f"job/{job}")
        now = self._lease_clock()
        change = {"holder": holder if stays else "", "until": now + stays}
        done = {} if done_at is None else mark_columns(self._vault, job, done_at)
        who = {"job": job, "mine": holder, "now": now, "latest": now + LONGEST_LEASE}
        claimed = self._transaction.connection.execute(_CLAIM_JOB, {**who, **change, **done})
        if not claimed.rowcount:
            if self._transaction.connection.execute(_IS_JOB, {"job": job}).first():
                return False
            write(self._transaction, JobRow, {"name": job, **change, **done})
        return True

    def _lease_clock(self) -> datetime:
        if not self._transaction.leases_by_database:
            return self._transaction.machine_now
        now: datetime = self._transaction.connection.execute(_DATABASE_NOW).scalar_one()
        return now

    def done_at(self, job: str) -> datetime | None:
        if job in self._done_at:
            return self._done_at[job]
        return read_mark(self._transaction, job)

    def read_done(self, jobs: Iterable[str]) -> None:
        """Read ahead when these were done; only a reading transaction caches it."""
        names = list(jobs)
        if names and self._transaction.is_reading:
            self._done_at.update(dict.fromkeys(names))
            self._done_at |= read_marks(self._transaction, _SOME_MARKS, {"jobs": names})

    def mark_done(self, job: str, at: datetime) -> None:
        self._put(job, **mark_columns(self._vault, job, at))

    def unmark(self, job: str) -> None:
        """Remove the mark of a job."""
        self._put(job, **mark_columns(self._vault, job, None))

    def marks(self, prefix: str) -> dict[str, datetime]:
        """Return job → time of its mark, for jobs whose names begin so."""
        return read_marks(self._transaction, _MARKS_OF, _beginning(prefix))

    def forged_marks(self) -> list[str]:
        """Return the names of marks that this program did not write."""
        return forged_marks(self._transaction)

    def forget_days(self, prefix: str, before: date) -> int:
        """Delete marks named by this prefix and an earlier day; return their number.

        A name has the form `PREFIX2026-11-30…`.
        """
        day = sqlalchemy.func.substr(col(JobRow.name), len(prefix) + 1, len(before.isoformat()))
        old = sqlalchemy.delete(JobRow).where(*_BEGINS).where(day < before.isoformat())
        return self._transaction.execute(old, _beginning(prefix)).rowcount

    def forget_after(self, prefix: str, at: datetime) -> None:
        """Delete marks whose names begin so and whose time is later."""
        later = sqlalchemy.delete(JobRow).where(*_BEGINS).where(col(JobRow.done_at) > at)
        self._transaction.execute(later, _beginning(prefix))

    def _put(self, job: str, **change: object) -> None:
        updated = self._transaction.connection.execute(_UPDATE_JOB, {"job": job, **change})
        if not updated.rowcount:
            write(self._transaction, JobRow, {"name": job, "holder": "", **change})

    def prefetch(self) -> None:
        """Read ahead whether most jobs have work; only a reading transaction caches it."""
        self._transaction.read_ahead(_MOST_WORK)

    def newest_event(self, until: datetime) -> datetime | None:
        """Return the time of the newest event of all cases up to an instant; reads all of them."""
        at: datetime | None = self._transaction.execute(_NEWEST_EVENT, {"until": until}).scalar()
        return at

    def next_firing(self) -> datetime | None:
        """Return the earliest deadline at which the clock acts."""
        first = map(self._first, _FIRST_FIRINGS)
        return min((at for at in first if at is not None), default=None)

    def deadlines(self, until: datetime) -> list[Deadline]:
        """Return the deadlines until then at which the clock acts."""
        requests, orders = _FIRST_FIRINGS
        return [
            *(
                Deadline(at, request_id=key)
                for at, key in self._due(requests, _REQUESTS_DUE, until)
            ),
            *(Deadline(at, order_id=key) for at, key in self._due(orders, _ORDERS_DUE, until)),
        ]

    def _due(
        self, first: Select[Any], due: Select[*tuple[Any, ...]], until: datetime
    ) -> list[tuple[datetime, str]]:
        """Return (time, id) of what is due, without a query if a read-ahead shows nothing."""
        if self._transaction.has_read(first):
            first_at: datetime | None = self._transaction.value(first)
            if first_at is None or first_at > until:
                return []
        rows = self._transaction.execute(due, {"until": until})
        try:
            return [(at, key) for at, key in rows.all() if at is not None]
        except UNREADABLE:  # each of them is looked at now, and the one without a time does nothing
            keys = self._transaction.execute(
                due.with_only_columns(*due.selected_columns[1:]), {"until": until}
            )
            return [(until, key) for key in keys.scalars()]

    def _first(self, first: Select[Any]) -> datetime | None:
        """Return the earliest time, None if its row cannot be read: the clock looks again soon."""
        try:
            at: datetime | None = self._transaction.value(first)
        except UNREADABLE:
            return None
        return at

    def next_climb(self) -> datetime | None:
        """Return the earliest time at which an order's lateness climbs."""
        return self._first(_FIRST_CLIMB)

    def climbs(self, until: datetime) -> list[tuple[datetime, str]]:
        """Return (time, order id) of the climbs due until then."""
        return self._due(_FIRST_CLIMB, _CLIMBS_DUE, until)


def _offset(seconds: str | None) -> timedelta:
    """Return the offset of a fact; none if somebody has written there what is no time."""
    try:
        return timedelta(seconds=float(seconds or 0))
    except (ValueError, TypeError, OverflowError):
        return timedelta(0)


def _instant(logged: str | None) -> datetime | None:
    """Return the time of the log's head; None if somebody has made it unreadable."""
    try:
        return instant(logged) if logged else None
    except UNREADABLE:
        return None


def _beginning(prefix: str) -> dict[str, str]:
    """Return the range of names that begin so, in byte order as in the index."""
    return {"first": prefix, "after": prefix[:-1] + chr(ord(prefix[-1]) + 1)}
