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


def sqlite_files(url: str) -> tuple[Path, ...]:
    """The files of an SQLite database, with its write-ahead log; none for another engine."""
    path = make_url(url).database
    if not url.startswith("sqlite") or not path:
        return ()
    return tuple(Path(path + ending) for ending in ("", "-wal", "-shm"))
