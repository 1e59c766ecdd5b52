"""One engine per database: SQLite by default, PostgreSQL by its URL."""

import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from publicmeeting.kit.private import make_file_private

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "cache_size=-16000",
)
_APART_SECONDS = 2

_PREPARED_AFTER, _PREPARED_MOST = 1, 250
"""PostgreSQL reads and plans a statement anew until it is prepared: from its second time on a
connection. Most of one connection; a filing with its pages has 85, the driver holds 100."""

_CONNECTIONS, CONNECTIONS_MOST = 16, 24
"""Of one process: held open, and at a peak."""

MAY_HAVE_ENDED_AFTER = 1.0
"""Seconds a connection has lain unused before it is asked whether it still lives."""
_USED_AT = "used at"
_HAS_WRITTEN = "has written"

LEFT_ANEW_AFTER = 5.0
"""Seconds between two times at which all connections to what refuses writing are made anew."""

POOL_SECONDS = 3
"""How long anybody waits for a connection that others hold."""


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many seconds the database gives up; PostgreSQL knows all three."""

    lock: int
    """Of waiting for what another transaction holds."""
    statement: int
    idle: int
    """Of a transaction that asks nothing: its locks must not outlive a hung thread."""


HURRIED = Patience(lock=5, statement=10, idle=30)
"""Somebody waits before a page: she gets an answer in time, and what she waited for is not in the
way."""

UNHURRIED = Patience(lock=60, statement=600, idle=600)
"""Nobody waits: draws, `doctor`, migrations (execution option `unhurried`)."""


def connect(url: str) -> Engine:
    """An engine whose transactions behave alike on both databases, and wait for nothing for ever.

    SQLite: a writing transaction takes the lock at its first statement (`BEGIN IMMEDIATE`), so it
    never fails halfway for want of it; reading ones are deferred (execution option `reading`).
    """
    pool = {
        "pool_size": _CONNECTIONS,
        "max_overflow": CONNECTIONS_MOST - _CONNECTIONS,
        "pool_timeout": POOL_SECONDS,
    }
    if not url.startswith("sqlite"):
        return _postgresql(url, pool)
    _keep_private(url)
    # A connection forgets every page it has read as soon as another one has written: the fewer take
    # turns, the less is read anew.
    engine = create_engine(url, pool_use_lifo=True, **pool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        seconds = _patience_of(connection).lock
        if connection.info.get("lock") != seconds:
            _say(connection, f"PRAGMA busy_timeout={seconds * 1000}")
            connection.info["lock"] = seconds
        _say(connection, "BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _say(connection: Connection, words: str) -> None:
    """Past SQLAlchemy, which takes twenty times as long for a statement without an answer, but with
    its errors."""
    ours = connection.connection.dbapi_connection
    assert isinstance(ours, sqlite3.Connection)
    try:
        ours.execute(words)
    except sqlite3.Error as fault:
        raise DBAPIError.instance(words, None, fault, sqlite3.Error) from fault


def _postgresql(url: str, pool: Mapping[str, int]) -> Engine:
    arguments = {
        "connect_timeout": 3,
        "tcp_user_timeout": 15_000,  # a machine that is gone says nothing
        "prepare_threshold": _PREPARED_AFTER,
    }
    # The connection used last knows the most statements.
    engine = create_engine(url, connect_args=arguments, pool_use_lifo=True, **pool)
    set_on_connect(
        engine,
        lock_timeout=f"{HURRIED.lock}s",
        statement_timeout=f"{HURRIED.statement}s",
        idle_in_transaction_session_timeout=f"{HURRIED.idle}s",
    )
    _ask_whether_it_lives(engine)

    @event.listens_for(engine, "connect")
    def _keep_prepared(connection: psycopg.Connection, _: object) -> None:
        connection.prepared_max = _PREPARED_MOST

    @event.listens_for(engine, "before_cursor_execute")
    def _note(connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("SELECT"):
            connection.info[_HAS_WRITTEN] = True

    left_at = -LEFT_ANEW_AFTER

    @event.listens_for(engine, "handle_error")
    def _leave(context: ExceptionContext) -> None:
        """What refuses all writing is no primary any more: every connection is made anew, for
        another one may have taken over. Not at each refusal, or a few presses a second would take
        the pages from all who only read."""
        nonlocal left_at
        now = time.monotonic()
        if _is_read_only(context.original_exception) and now - left_at >= LEFT_ANEW_AFTER:
            context.is_disconnect, left_at = True, now

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.info[_HAS_WRITTEN] = False
        if (patience := _patience_of(connection)) is not HURRIED:
            connection.exec_driver_sql(
                f"SELECT set_config('lock_timeout', '{patience.lock}s', true),"
                f" set_config('statement_timeout', '{patience.statement}s', true),"
                f" set_config('idle_in_transaction_session_timeout', '{patience.idle}s', true)"
            )

    return engine


def end_reading(connection: Connection) -> None:
    """Commit where nothing but SELECT was sent, and leave anything else to be rolled back.

    After a ROLLBACK the driver of PostgreSQL throws away all that this connection has prepared.
    """
    transaction = connection.get_transaction()
    # SQLite says nothing of it: it prepares for itself, and is rolled back.
    if transaction is not None and not connection.info.get(_HAS_WRITTEN, True):
        transaction.commit()


def set_on_connect(engine: Engine, **chosen: str) -> None:
    """Settings of each new connection. Sent as SQL: poolers refuse them, or leave them out without
    a word, among what a connection begins with."""
    named = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in chosen.items())

    @event.listens_for(engine, "connect")
    def _set(connection: psycopg.Connection, _: object) -> None:
        before, connection.autocommit = connection.autocommit, True
        connection.execute(f"SELECT {named}")
        connection.autocommit = before


def _ask_whether_it_lives(engine: Engine) -> None:
    """Before a connection that has lain for a while is used again: the database may have been
    started anew. Of one used a moment ago it is not asked, or a rush of steps would ask at each;
    where it has ended meanwhile one step is refused, and all connections are made anew."""

    @event.listens_for(engine, "checkin")
    def _note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_USED_AT] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _ask(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        used_at = record.info.get(_USED_AT)
        if used_at is None or time.monotonic() - used_at < MAY_HAVE_ENDED_AFTER:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as fault:
            raise InvalidatePoolError from fault


def _patience_of(connection: Connection) -> Patience:
    is_unhurried = connection.get_execution_options().get("unhurried", False)
    return UNHURRIED if is_unhurried else HURRIED


def connect_apart(url: str) -> Engine:
    """An engine of one connection that gives up within seconds: for health checks, which must
    answer while everybody else waits for the database."""
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
    # A reader of SQLite's write-ahead log waits for no writer.
    return create_engine(url, pool_size=1, max_overflow=0)


def _keep_private(url: str) -> None:
    """A new file is made readable by us alone, and what SQLite puts beside it takes its modes."""
    database, *beside = sqlite_files(url) or (None,)
    if database is None or not database.parent.is_dir():
        return
    make_file_private(database)
    for file in beside:
        if file.exists():
            make_file_private(file)


def is_unreachable(error: BaseException) -> bool:
    """Whether an error says that the database cannot be asked now, and nothing about what was
    asked."""
    return isinstance(error, OperationalError | InterfaceError | NoConnectionError) or (
        isinstance(error, DBAPIError)
        and (error.connection_invalidated or _is_read_only(error.orig))
    )


def _is_read_only(fault: BaseException | None) -> bool:
    """Of PostgreSQL, that it takes no writing: for whoever writes it is away."""
    return isinstance(fault, psycopg.errors.ReadOnlySqlTransaction)


def sqlite_files(url: str) -> tuple[Path, ...]:
    """The files of an SQLite database, with its write-ahead log; none for another engine."""
    path = make_url(url).database
    if not url.startswith("sqlite") or not path or path == ":memory:":
        return ()
    return tuple(Path(path + ending) for ending in ("", "-wal", "-shm"))


def copy_sqlite(url: str, target: Path) -> int:
    """Copy the database as of now into a new file only its owner can read; returns its size in
    bytes.

    Personal fields stay sealed in it, and the key is not in it. Raises FileExistsError when there
    is such a file, FileNotFoundError without a database, ValueError for another kind of database.
    """
    source = make_url(url)
    if source.get_backend_name() != "sqlite" or not source.database:
        raise ValueError(source.get_backend_name())
    if not Path(source.database).exists():
        raise FileNotFoundError(source.database)
    target.touch(mode=0o600, exist_ok=False)
    try:
        with (
            closing(sqlite3.connect(source.database)) as here,
            closing(sqlite3.connect(target)) as there,
        ):
            here.backup(there)
            # One file, complete in itself: nothing waits beside it in a log.
            there.execute("PRAGMA journal_mode=DELETE")
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target.stat().st_size
