"""Locks that all processes of one PostgreSQL database share, on whatever machine they run.

Each is held by a session of its own, so the database drops it when the process or its machine dies.
A pooler between must not hand the session on (pgbouncer: session mode for this address).
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

_LOOK_SECONDS = 10.0
_OPTIONS = "-c statement_timeout=0 -c lock_timeout=0 -c idle_session_timeout=0"


class Lock(StrEnum):
    TABLES = "tables"
    """Exclusive: tables, key or city are changed as a whole."""
    SERVING = "serving"
    """Shared: a process serves. Exclusive: nobody may."""

    @property
    def number(self) -> int:
        name = f"publicmeeting/{self.value}".encode()
        return int.from_bytes(hashlib.sha256(name).digest()[:8], signed=True)


@contextmanager
def database_lock(url: str, lock: Lock, *, wait: bool = True) -> Iterator[bool]:
    """Hold a lock alone; yields whether it was got.

    Only `wait=False` can yield False. Raises what the database raises when it is out of reach.
    """
    engine = _engine(url)
    with engine.connect() as connection:
        if wait:
            connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": lock.number})
            yield True
        else:
            tried = text("SELECT pg_try_advisory_lock(:n)")
            yield bool(connection.execute(tried, {"n": lock.number}).scalar())


@contextmanager
def serving(url: str) -> Iterator[bool]:
    """Say for the length of the block that this process serves, again after the database was
    away; yields False when somebody keeps servers away now."""
    engine = _engine(url)
    connection = engine.connect()
    if not _share(connection):
        connection.close()
        yield False
        return
    ended = threading.Event()
    keeper = threading.Thread(
        target=_keep_sharing, args=(engine, connection, ended), name="serving", daemon=True
    )
    keeper.start()
    try:
        yield True
    finally:
        ended.set()
        keeper.join()


def _keep_sharing(engine: Engine, connection: Connection | None, ended: threading.Event) -> None:
    while not ended.wait(_LOOK_SECONDS):
        try:
            if connection is None:
                connection = engine.connect()
                _share(connection)
            connection.execute(text("SELECT 1"))
        except DBAPIError:
            if connection is not None:
                connection.invalidate()
                connection.close()
            connection = None
    if connection is not None:
        connection.close()


def _share(connection: Connection) -> bool:
    tried = text("SELECT pg_try_advisory_lock_shared(:n)")
    return bool(connection.execute(tried, {"n": Lock.SERVING.number}).scalar())


def _engine(url: str) -> Engine:
    return create_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={
            "connect_timeout": 3,
            "options": _OPTIONS,
            "application_name": "publicmeeting lock",
        },
    )
