"""One database transaction, shared by all repositories of a unit of work."""

import hashlib
import logging
from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Executable, Select, func, select
from sqlmodel import Session

from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.kit.process.figures import FAULTS
from publicmeeting.store.database.recent import RecentSince
from publicmeeting.store.database.vault import Vault

Value = TypeVar("Value")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Origin:
    """Source of a unit of work, for rate limits and security events."""

    address: str = ""
    device: str = ""
    agent: str = ""
    is_filing: bool = True
    """Whether it belongs to the form of a request.

    If somebody signed in elsewhere, a draft of this browser may belong to another person.
    """


class Together:
    """Scalar statements combined once, to be executed as one statement."""

    def __init__(self, *statements: Select[Any]) -> None:
        self.statements = statements
        self.asked = select(*(statement.scalar_subquery() for statement in statements))


@dataclass(frozen=True, slots=True)
class Note:
    """A security event to be written; with an empty `who` it is the actor of the unit of work."""

    kind: SecurityKind
    who: str
    what: str


def _number(name: str) -> int:
    """Return the number by which PostgreSQL knows the name of a lock."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


class Transaction:
    """A transaction of a unit of work.

    `machine_now` is for sessions, codes and rate limits; use cases get the city's time separately.
    """

    is_reading = False
    """Whether nothing is changed, so that a value read once stays valid."""
    unread = 0
    """Number of damaged rows that were left out of lists."""

    def __init__(
        self, session: Session, vault: Vault, machine_now: datetime, recent: RecentSince
    ) -> None:
        self.session = session
        self.vault = vault
        self.recent = recent
        self.machine_now = machine_now
        self._pinned: list[object] = []
        self._read_ahead: dict[Select[Any], Any] = {}
        self._connection: Connection | None = None
        self.is_serialized = session.get_bind().dialect.name == "sqlite"
        """Whether nobody can change what was read here until it ends.

        SQLite allows one writer at a time, and a reader sees one state throughout.
        """
        self.topics_to_publish: set[str] = set()
        """Published after the commit."""
        self.leases_by_database = False
        """Whether leases end by the database's clock instead of this machine's."""
        self.origin = Origin()
        self.notes: list[Note] = []
        """Security events, written at the end, even after a refusal."""

    @abstractmethod
    def city_day(self) -> date:
        """Return the city's current day, which decides whether officials' terms are in force."""

    @abstractmethod
    def city_time_in(self, minutes: int) -> datetime:
        """Return the city's time so many minutes from now."""

    def execute(
        self, statement: Executable, values: Mapping[str, object] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Execute a statement on columns, after flushing pending writes.

        Cheaper than ORM rows, which are cached and tracked for changes; use it for data that is
        read often and not changed through the result.
        """
        self.session.flush()
        return self.connection.execute(statement, values)

    def read_ahead(self, together: Together) -> None:
        """Read all these values in one statement; only a reading transaction caches them."""
        if self.is_reading:
            row = self.connection.execute(together.asked).one()
            self._read_ahead.update(zip(together.statements, row, strict=True))

    def has_read(self, statement: Select[Any]) -> bool:
        """Whether its value was read ahead."""
        return statement in self._read_ahead

    def has_read_none(self, statement: Select[Any]) -> bool:
        """Whether it was read ahead as None."""
        return self.has_read(statement) and self._read_ahead[statement] is None

    def value(self, statement: Select[Value]) -> Value | None:
        """Return the scalar of a statement, from the values read ahead if possible."""
        if self.has_read(statement):
            found: Value | None = self._read_ahead[statement]
            return found
        return self.execute(statement).scalar()

    @property
    def connection(self) -> Connection:
        """The one connection of this transaction, for statements on columns.

        Not a `cached_property`: before Python 3.12 it has one lock for all transactions. The first
        use may wait for another transaction, which would then wait for this lock.
        """
        if self._connection is None:
            self._connection = self.session.connection()
        return self._connection

    def leave_out(self, what: str) -> None:
        """Log a damaged row that is left out of a list; call it inside `except`.

        The list stays usable, and the page that shows it says that rows are missing.
        """
        self.unread += 1
        FAULTS.labels("case").inc()
        _log.exception("left out of a list: %s", what)

    def pin(self, row: object) -> None:
        """Keep a row in the session if nobody can change it, so that it is not read again.

        The session drops rows without a reference.
        """
        if self.is_serialized:
            self._pinned.append(row)

    def advisory_lock(self, *names: str) -> None:
        """Lock these names until the transaction ends, for cases in which no row can be locked.

        Several names are locked in this order, by one statement.
        """
        if not self.is_serialized:
            self._lock(map(_number, names))

    def advisory_locks(self, names: Collection[str]) -> None:
        """Lock several names by one statement, in a fixed order for all callers."""
        if self.is_serialized or not names:
            return
        self._lock(sorted(map(_number, names)))

    def _lock(self, numbers: Iterable[int]) -> None:
        self.connection.execute(select(*map(func.pg_advisory_xact_lock, numbers)))

    def note_refused_object(self, what: str, name: str) -> None:
        """Note that an actor asked for an existing object that he may not see."""
        self.notes.append(Note(SecurityKind.OBJECT_REFUSED, "", f"{what} {name}"))

    def publish(self, *topics: str) -> None:
        """Refresh pages that follow these topics, in all processes, after the commit."""
        self.topics_to_publish.update(topics)
