"""One database transaction, shared by all repositories of a unit of work, and its refusals.

Errors of the database become refusals here: conflicts of commands, and unstorable text.
"""

import hashlib
import logging
from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Executable, Select, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, SQLModel

from publicmeeting.domain.errors import Denied, Refusal, TooBusy, Unavailable
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.kit.process.figures import FAULTS
from publicmeeting.store.database.gathered import Gathered, Verb
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
        self._own_session = session
        self._gathered: Gathered | None = None
        self._held: set[str] = set()
        """Names whose locks were taken with the first statement."""
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

    @property
    def session(self) -> Session:
        """The session of SQLAlchemy; what was gathered is sent before anybody uses it."""
        self.send_gathered()
        return self._own_session

    def gather_writes(self) -> None:
        """Let `write`, `change_row` and `drop_row` wait from now on, on PostgreSQL.

        They are sent as one statement as soon as anything else is asked or written, or the
        transaction ends. An error of theirs, such as a second row under a unique value, comes then.
        """
        if not self.is_serialized and self._gathered is None:
            self._gathered = Gathered()

    def gather(self, verb: Verb, kind: type[SQLModel], *rows: Mapping[str, object]) -> bool:
        """Let these writes wait; False if writes are not gathered."""
        if self._gathered is None:
            return False
        self._own_session.flush()  # rows that are referred to must exist first
        if verb is not Verb.INSERT and self._gathered.concerns(kind):
            self.send_gathered()
        for values in rows:
            self._gathered.add(verb, kind, values)
        return True

    def send_gathered(
        self, last: Select[Any] | None = None, more: Mapping[str, object] | None = None
    ) -> None:
        """Send what was gathered, together with a last statement if there is one."""
        if self._gathered:
            statement, values = self._gathered.take(last)
            self._opened().execute(statement, {**values, **(more or {})})
        elif last is not None:
            self._opened().execute(last, more)

    def drop_gathered(self) -> None:
        """Forget what was gathered since a savepoint that is rolled back."""
        if self._gathered:
            self._gathered.take()

    def send_numbered(self) -> int | None:
        """Send what was gathered and return the id of the row added last; None if nothing was."""
        if not self._gathered:
            return None
        statement, values = self._gathered.take(numbered=True)
        return int(self._opened().execute(statement, values).scalar_one())

    def execute_apart(
        self, statement: Executable, values: Mapping[str, object] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Execute a statement that concerns nothing of what is gathered, which waits on."""
        self._own_session.flush()
        return self._opened().execute(statement, values)

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
        self.send_gathered()
        return self._opened()

    def _opened(self) -> Connection:
        if self._connection is None:
            self._connection = self._own_session.connection()
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
        unheld = [name for name in names if name not in self._held]
        if unheld and not self.is_serialized:
            self._lock(map(_number, unheld))

    def lock_with_first(self, name: str) -> int:
        """Return the number of a lock that the first statement of this transaction takes.

        Later calls of `advisory_lock` for this name do nothing.
        """
        self._held.add(name)
        return _number(name)

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


_UNIQUE = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
_NOT_NOW = frozenset({"40001", "40P01", "55P03", "57014", "25P03", "SQLITE_BUSY"})
"""Error codes that allow a retry.

PostgreSQL: serialization failure, deadlock, lock timeout, statement timeout, idle timeout. SQLite:
waiting for its lock.
"""
_FULL = frozenset({"53100", "SQLITE_FULL"})
"""Error codes of a full disk."""

_KEY_BY_CONSTRAINT = {
    "live_person": "one_live_request",
    "one_holder_per_seat": "seat_taken",
    "one_seat_per_request": "seat_taken",
    "seat.": "seat_taken",
    "username": "username_taken",
    "one_use_of_a_commitment": "commitment_used",
    "witness_commitment.commitment": "commitment_used",
    "one_use_of_a_value": "value_used",
    "witness_commitment.value": "value_used",
}
"""Refusal by constraint; PostgreSQL names the constraint, SQLite the columns."""


_NO_TEXT = "NUL (0x00)"


def refusal_for(error: DBAPIError | StaleDataError | UnicodeEncodeError) -> Refusal | None:
    """Return the refusal for an error; None if it is a fault of the program."""
    if isinstance(error, StaleDataError):  # the row was deleted since it was read
        return Denied("version_conflict")
    if isinstance(error, UnicodeEncodeError) or _NO_TEXT in str(error.orig):
        # A lone surrogate, or the character that PostgreSQL cannot store: no such name exists.
        return Denied("not_found")
    code = _code(error)
    if code in _NOT_NOW:
        return TooBusy()
    if has_no_room(error):
        return Unavailable("storage_full")
    if code not in _UNIQUE:
        return None
    detail = str(error.orig)
    key = next(
        (key for mark, key in _KEY_BY_CONSTRAINT.items() if mark in detail), "version_conflict"
    )
    # `live_code` checks in advance and can name the other request; here it is unknown.
    return Denied(key, code="") if key == "one_live_request" else Denied(key)


def has_no_room(error: DBAPIError | StaleDataError | UnicodeEncodeError) -> bool:
    """Return whether the database's disk is full."""
    return isinstance(error, DBAPIError) and _code(error) in _FULL


def _code(error: DBAPIError) -> str | None:
    found: str | None = getattr(error.orig, "sqlstate", None)
    return found or getattr(error.orig, "sqlite_errorname", None)


def refusal_in(error: BaseException) -> Refusal | None:
    """Return the refusal that an error is or corresponds to; None if it is a fault."""
    if isinstance(error, DBAPIError | StaleDataError):
        return refusal_for(error)
    return error if isinstance(error, Denied | Unavailable) else None
