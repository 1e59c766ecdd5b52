"""One transaction of the database: what every repository of a unit of work shares."""

import hashlib
import logging
from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Executable, Select, func, select
from sqlmodel import Session

from publicmeeting.domain.security import SecurityKind
from publicmeeting.kit.figures import FAULTS
from publicmeeting.store.database.recent import RecentSince
from publicmeeting.store.database.vault import Vault

Value = TypeVar("Value")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a unit of work comes from, for rate limits and security events."""

    address: str = ""
    device: str = ""
    agent: str = ""
    is_filing: bool = True
    """Whether what is done belongs to the form of a request: of a sign-in that was asked for
    elsewhere, what this browser has begun may be somebody else's."""


class Together:
    """Statements of one value each, put together once to be asked by one statement."""

    def __init__(self, *statements: Select[Any]) -> None:
        self.statements = statements
        self.asked = select(*(statement.scalar_subquery() for statement in statements))


@dataclass(frozen=True, slots=True)
class Note:
    """A security event to be written; `who` empty: the actor of the unit of work."""

    kind: SecurityKind
    who: str
    what: str


def _number(name: str) -> int:
    """By which PostgreSQL knows a name that is locked."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


class Transaction:
    """`machine_now` is for sessions, codes and rate limits; the city's time is the use case's own
    argument."""

    is_reading = False
    """Whether nothing is changed, so that an answer stays what it was."""
    unread = 0
    """How many rows of lists could not be read here, and were left out."""

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
        """Whether nobody can change what was read here until it ends: SQLite lets one writer in at
        a time, from its first statement, and a reader sees one state throughout."""
        self.topics_to_publish: set[str] = set()
        """Published after commit."""
        self.leases_by_database = False
        """Whether a lease ends by the database's clock instead of this machine's."""
        self.origin = Origin()
        self.notes: list[Note] = []
        """Security events, written when this ends, also when it is refused."""

    @abstractmethod
    def city_day(self) -> date:
        """The city's day of today, by which the terms of officials hold."""

    def execute(
        self, statement: Executable, values: Mapping[str, object] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run a statement about columns; what waits to be written is written first.

        Cheaper than reading rows that are then kept and watched for changes: for what a step reads
        again and again and never changes in what it has read.
        """
        self.session.flush()
        return self.connection.execute(statement, values)

    def read_ahead(self, together: Together) -> None:
        """Read all these values at once, before each is asked for; only a reading keeps them."""
        if self.is_reading:
            row = self.connection.execute(together.asked).one()
            self._read_ahead.update(zip(together.statements, row, strict=True))

    def has_read(self, statement: Select[Any]) -> bool:
        """Whether its value was read ahead."""
        return statement in self._read_ahead

    def has_read_none(self, statement: Select[Any]) -> bool:
        """Whether it was read ahead that there is none."""
        return self.has_read(statement) and self._read_ahead[statement] is None

    def value(self, statement: Select[Value]) -> Value | None:
        """Its one value; one that was read ahead is not asked for again."""
        if self.has_read(statement):
            found: Value | None = self._read_ahead[statement]
            return found
        return self.execute(statement).scalar()

    @property
    def connection(self) -> Connection:
        """The one connection of this transaction, for statements about columns.

        No `cached_property`: before Python 3.12 that holds one lock for all transactions, and the
        first use may wait for another one to end, which would then wait for this lock.
        """
        if self._connection is None:
            self._connection = self.session.connection()
        return self._connection

    def leave_out(self, what: str) -> None:
        """Note that a damaged row is missing from a list, inside `except`: it takes no list from an
        office, and whoever shows one says so."""
        self.unread += 1
        FAULTS.labels("case").inc()
        _log.exception("left out of a list: %s", what)

    def pin(self, row: object) -> None:
        """Where nobody can change it, a row that was read need not be read again: the session
        forgets it as soon as nobody holds it."""
        if self.is_serialized:
            self._pinned.append(row)

    def advisory_lock(self, *names: str) -> None:
        """Let nobody else hold these names until this ends: for what no row can be locked for.
        Several are taken in this order, by one statement."""
        if not self.is_serialized:
            self._lock(map(_number, names))

    def advisory_locks(self, names: Collection[str]) -> None:
        """Several by one statement, whoever asks for them always in the same order."""
        if self.is_serialized or not names:
            return
        self._lock(sorted(map(_number, names)))

    def _lock(self, numbers: Iterable[int]) -> None:
        self.connection.execute(select(*map(func.pg_advisory_xact_lock, numbers)))

    def note_refused_object(self, what: str, name: str) -> None:
        """Something that exists was requested by somebody who may not see it."""
        self.notes.append(Note(SecurityKind.OBJECT_REFUSED, "", f"{what} {name}"))

    def publish(self, *topics: str) -> None:
        """Wake the pages that watch these topics, in all processes, once this is committed."""
        self.topics_to_publish.update(topics)
