"""One engine per database: SQLite by default, PostgreSQL by its URL."""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "busy_timeout=15000",
    "cache_size=-16000",
)
_APART_SECONDS = 2


def connect(url: str) -> Engine:
    """An engine whose transactions behave alike on both databases.

    SQLite: a writing transaction takes the lock at its first statement (`BEGIN IMMEDIATE`), so it
    never fails halfway for want of it; reading ones are deferred (execution option `reading`).
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=16, max_overflow=4, pool_pre_ping=True)
    engine = create_engine(url, pool_size=16, max_overflow=4)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def connect_apart(url: str) -> Engine:
    """An engine of one connection that gives up within seconds: for health checks, which must
    answer while everybody else waits for the database."""
    if not url.startswith("sqlite"):
        return create_engine(
            url,
            pool_size=1,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": _APART_SECONDS,
                "tcp_user_timeout": _APART_SECONDS * 1000,
                "options": f"-c statement_timeout={_APART_SECONDS}s -c lock_timeout=1s",
                "application_name": "publicmeeting health",
            },
        )
    # A reader of SQLite's write-ahead log waits for no writer.
    return create_engine(url, pool_size=1, max_overflow=0)


def sqlite_files(url: str) -> tuple[Path, ...]:
    """The files of an SQLite database, with its write-ahead log; none for another engine."""
    path = make_url(url).database
    if not url.startswith("sqlite") or not path:
        return ()
    return tuple(Path(path + ending) for ending in ("", "-wal", "-shm"))
