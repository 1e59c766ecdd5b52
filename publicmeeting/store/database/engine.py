"""Create the engine of a database: SQLite by default, PostgreSQL by its URL."""

import os
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import Any, Self, cast, overload

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from publicmeeting.kit.process.private import make_file_private

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "cache_size=-16000",
)
_APART_SECONDS = 2

_PREPARED_AFTER, _PREPARED_MOST = 1, 250
"""When statements are prepared on PostgreSQL, and how many per connection.

An unprepared statement is parsed and planned each time; here it is prepared at its second use. A
filing with its pages needs 85; the driver's default is 100.
"""

_CONNECTIONS, CONNECTIONS_MOST = 16, 24
"""Connections of one process: kept open, and at peak load."""

MAY_HAVE_ENDED_AFTER = 1.0
"""Idle time, in seconds, after which a connection is tested before reuse."""
_USED_AT = "used at"
_HAS_WRITTEN = "has written"
_IS_BRIEF = "is brief"

LEFT_ANEW_AFTER = 5.0
"""Minimum seconds between two replacements of all connections to a read-only server."""

POOL_SECONDS = 3
"""Maximum wait for a free connection, in seconds."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Timeouts of the database in seconds; SQLite has only the first."""

    lock: int
    """Waiting for a lock of another transaction."""
    statement: int
    idle: int
    """An idle transaction: its locks must not outlive a hung thread."""


HURRIED = Patience(lock=5, statement=10, idle=30)
"""For interactive work: a page gets an answer in time, and an abandoned statement blocks nobody."""

UNHURRIED = Patience(lock=60, statement=600, idle=600)
"""For background work: draws, `doctor`, migrations (execution option `unhurried`)."""


def connect(url: str) -> Engine:
    """Return an engine whose transactions behave alike on both databases, with timeouts.

    SQLite: a writing transaction takes its lock at the first statement (`BEGIN IMMEDIATE`), so it
    cannot fail halfway. Reading transactions are deferred (execution option `reading`).
    """
    pool = {
        "pool_size": _CONNECTIONS,
        "max_overflow": CONNECTIONS_MOST - _CONNECTIONS,
        "pool_timeout": POOL_SECONDS,
    }
    engine = _sqlite(url, pool) if url.startswith("sqlite") else _postgresql(url, pool)
    event.listen(engine, "begin", begin)
    return engine


def without_listeners(engine: Engine) -> Engine:
    """Return an engine with the same connections, whose transactions the caller begins (`begin`).

    As soon as an engine has one listener of any kind, SQLAlchemy looks for listeners at several
    points of each statement: a fifth of what it does for one.
    """
    return Engine(engine.pool, engine.dialect, engine.url)


def begin(connection: Connection) -> None:
    """Begin a transaction by the options of its engine: `reading`, `brief`, `unhurried`.

    A brief reading is no transaction on PostgreSQL: it sees newer commits at each statement anyway,
    and BEGIN and COMMIT would only be two more messages. It must not write, and cannot stream.
    """
    if connection.dialect.name == "sqlite":
        _begin_sqlite(connection)
    else:
        _begin_postgresql(connection)


def _sqlite(url: str, pool: Mapping[str, int]) -> Engine:
    _keep_private(url)
    # A connection's page cache is invalid as soon as another connection writes. With fewer
    # connections in rotation, less is read again.
    engine = create_engine(url, pool_use_lifo=True, **pool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        connection.text_factory = _text
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _text(stored: bytes) -> str:
    """Return a text that SQLite has stored; PostgreSQL stores none that is not UTF-8.

    The driver itself would end the whole statement at a text that somebody has written so.
    """
    return stored.decode(errors="replace")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    seconds = _patience_of(connection).lock
    if connection.info.get("lock") != seconds:
        _say(connection, f"PRAGMA busy_timeout={seconds * 1000}")
        connection.info["lock"] = seconds
    _say(connection, "BEGIN" if reading else "BEGIN IMMEDIATE")


def _say(connection: Connection, words: str) -> None:
    """Execute on the driver with SQLAlchemy's errors; SQLAlchemy itself is 20 times slower."""
    ours = connection.connection.dbapi_connection
    assert isinstance(ours, sqlite3.Connection)
    try:
        ours.execute(words)
    except sqlite3.Error as fault:
        raise DBAPIError.instance(words, None, fault, sqlite3.Error) from fault


def _postgresql(url: str, pool: Mapping[str, int]) -> Engine:
    arguments = {
        "connect_timeout": 3,
        "tcp_user_timeout": 15_000,  # a dead machine sends no answer
        "prepare_threshold": _PREPARED_AFTER,
        "cursor_factory": _Cursor,
    }
    # LIFO: the connection used last has the most prepared statements.
    engine = create_engine(url, connect_args=arguments, pool_use_lifo=True, **pool)
    set_on_connect(
        engine,
        lock_timeout=f"{HURRIED.lock}s",
        statement_timeout=f"{HURRIED.statement}s",
        idle_in_transaction_session_timeout=f"{HURRIED.idle}s",
    )
    _ping_idle_connections(engine)

    @event.listens_for(engine, "connect")
    def _keep_prepared(connection: psycopg.Connection, _: object) -> None:
        connection.prepared_max = _PREPARED_MOST

    left_at = -LEFT_ANEW_AFTER

    @event.listens_for(engine, "handle_error")
    def _leave(context: ExceptionContext) -> None:
        """Replace all connections if the server has become read-only: another may be the primary.

        This is limited in frequency, or a few writes per second would disturb all readers.
        """
        nonlocal left_at
        now = time.monotonic()
        if _is_read_only(context.original_exception) and now - left_at >= LEFT_ANEW_AFTER:
            context.is_disconnect, left_at = True, now

    return engine


class _Cursor(psycopg.Cursor[Any]):
    """A cursor that notes what is no SELECT, and describes its columns only when somebody looks.

    SQLAlchemy asks after each execution whether there are columns, and looks at them only after the
    first one of a statement.
    """

    def execute(self, query: Any, *arguments: Any, **options: Any) -> Self:  # noqa: ANN401
        if not query.startswith("SELECT"):
            known = vars(self.connection)
            assert not known.get(_IS_BRIEF) or query.startswith("WITH"), (
                "a brief reading has no transaction that undoes what it writes"
            )
            known[_HAS_WRITTEN] = True
        return super().execute(query, *arguments, **options)

    def executemany(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
        vars(self.connection)[_HAS_WRITTEN] = True
        super().executemany(*arguments, **options)

    @property
    def description(self) -> list[psycopg.Column] | None:
        """The columns of the result, None if it has none."""
        has_columns = self.pgresult is not None and self.pgresult.nfields
        return cast("list[psycopg.Column]", _Columns(self)) if has_columns else None

    def described(self) -> Sequence[psycopg.Column]:
        return super().description or ()


class _Columns(Sequence[psycopg.Column]):
    def __init__(self, cursor: _Cursor) -> None:
        self._cursor = cursor

    @overload
    def __getitem__(self, at: int) -> psycopg.Column: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[psycopg.Column]: ...
    def __getitem__(self, at: int | slice) -> psycopg.Column | Sequence[psycopg.Column]:
        return self._cursor.described()[at]

    def __len__(self) -> int:
        return len(self._cursor.described())


def _begin_postgresql(connection: Connection) -> None:
    ours = connection.connection.dbapi_connection
    assert isinstance(ours, psycopg.Connection)
    known = vars(ours)
    known[_HAS_WRITTEN] = False
    known[_IS_BRIEF] = is_brief = bool(connection.get_execution_options().get("brief", False))
    if ours.autocommit is not is_brief:
        ours.autocommit = is_brief  # the driver sends nothing
    if (patience := _patience_of(connection)) is not HURRIED:
        connection.exec_driver_sql(
            f"SELECT set_config('lock_timeout', '{patience.lock}s', true),"
            f" set_config('statement_timeout', '{patience.statement}s', true),"
            f" set_config('idle_in_transaction_session_timeout', '{patience.idle}s', true)"
        )


def end_reading(connection: Connection) -> None:
    """Commit if only SELECTs were sent; otherwise leave the transaction to be rolled back.

    After a ROLLBACK the PostgreSQL driver discards all prepared statements of the connection.
    """
    transaction = connection.get_transaction()
    ours = connection.connection.dbapi_connection
    # SQLite prepares by itself, and is rolled back.
    may_commit = isinstance(ours, psycopg.Connection) and not vars(ours)[_HAS_WRITTEN]
    if transaction is not None and may_commit:
        transaction.commit()


def set_on_connect(engine: Engine, **chosen: str) -> None:
    """Apply settings to each new connection.

    They are sent as SQL, because connection poolers refuse or silently drop startup parameters.
    """
    named = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in chosen.items())

    @event.listens_for(engine, "connect")
    def _set(connection: psycopg.Connection, _: object) -> None:
        before, connection.autocommit = connection.autocommit, True
        connection.execute(f"SELECT {named}")
        connection.autocommit = before


def _ping_idle_connections(engine: Engine) -> None:
    """Test a connection that was idle for a while, since the server may have restarted.

    A connection used a moment ago is not tested, or every step in a rush would pay for it. If it is
    dead, one step is refused and all connections are replaced.
    """

    @event.listens_for(engine, "checkin")
    def _note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_USED_AT] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _ask(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        used_at = record.info.get(_USED_AT)
        if used_at is None or time.monotonic() - used_at < MAY_HAVE_ENDED_AFTER:
            return
        vars(connection)[_IS_BRIEF] = False
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as fault:
            raise InvalidatePoolError from fault


def _patience_of(connection: Connection) -> Patience:
    is_unhurried = connection.get_execution_options().get("unhurried", False)
    return UNHURRIED if is_unhurried else HURRIED


def connect_apart(url: str) -> Engine:
    """Return an engine of one connection with short timeouts, for health checks.

    They must answer while everybody else waits for the database.
    """
    if not url.startswith("sqlite"):
        engine = create_engine(
            url,
            pool_size=1,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": _APART_SECONDS,
                "tcp_user_timeout": _APART_SECONDS * 1000,
                "application_name": "publicmeeting health",
            },
        )
        set_on_connect(engine, statement_timeout=f"{_APART_SECONDS}s", lock_timeout="1s")
        return engine
    # A reader of SQLite's write-ahead log does not wait for writers.
    return create_engine(url, pool_size=1, max_overflow=0)


def _keep_private(url: str) -> None:
    """Make a new file private to this user; SQLite's additional files inherit the mode."""
    database, *beside = sqlite_files(url) or (None,)
    if database is None or not database.parent.is_dir():
        return
    make_file_private(database)
    for file in beside:
        if file.exists():
            make_file_private(file)


def is_unreachable(error: BaseException) -> bool:
    """Whether the error means that the database is unavailable, independent of the statement."""
    return isinstance(error, OperationalError | InterfaceError | NoConnectionError) or (
        isinstance(error, DBAPIError)
        and (error.connection_invalidated or _is_read_only(error.orig))
    )


def _is_read_only(fault: BaseException | None) -> bool:
    """Whether PostgreSQL refused a write because it is read-only."""
    return isinstance(fault, psycopg.errors.ReadOnlySqlTransaction)


def sqlite_files(url: str) -> tuple[Path, ...]:
    """Return the files of an SQLite database with its write-ahead log; empty for other engines."""
    path = make_url(url).database
    if not url.startswith("sqlite") or not path or path == ":memory:":
        return ()
    return tuple(Path(path + ending) for ending in ("", "-wal", "-shm"))


def copy_sqlite(url: str, target: Path) -> int:
    """Copy the current database into a new private file; return its size in bytes.

    The file gets its name once it is whole; what a kill leaves has another one. Personal fields
    stay sealed, and the key is not in the copy. Raises FileExistsError if the target exists,
    FileNotFoundError without a database or a folder, and ValueError for another kind of database.
    """
    source = make_url(url)
    if source.get_backend_name() != "sqlite" or not source.database:
        raise ValueError(source.get_backend_name())
    if not Path(source.database).exists():
        raise FileNotFoundError(source.database)
    if target.exists():
        raise FileExistsError(str(target))
    if not target.parent.is_dir():
        raise FileNotFoundError(str(target))
    number, name = mkstemp(prefix=f"{target.name}.unfinished-", dir=target.parent)
    os.close(number)
    draft = Path(name)
    try:
        with (
            closing(sqlite3.connect(source.database)) as here,
            closing(sqlite3.connect(draft)) as there,
        ):
            here.backup(there)
            # One self-contained file, without a write-ahead log beside it.
            there.execute("PRAGMA journal_mode=DELETE")
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return target.stat().st_size
