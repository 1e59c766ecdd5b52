"""Advisory locks shared by all processes of one PostgreSQL database, on any machine.

Each lock belongs to a session of its own, so the database releases it when the process or its
machine dies. A connection pooler must not share that session (pgbouncer: session mode), or another
client would get the lock. This is tested before a lock is taken.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from publicmeeting.store.database.engine import set_on_connect

_POLL_SECONDS = 10.0
_TRIES = 3


class HandedRoundError(Exception):
    """A pooler shares connections between statements; the message is one sentence."""

    def __init__(self) -> None:
        super().__init__(
            "Between this machine and PostgreSQL a pooler hands connections round, so that locks "
            "and news of other processes are lost: let DATABASE_URL lead to PostgreSQL itself, or "
            "to a pool in session mode."
        )


class Lock(StrEnum):
    TABLES = "tables"
    """Exclusive: tables, key or city are changed as a whole."""
    SERVING = "serving"
    """Shared: a process serves. Exclusive: no process may serve."""

    @property
    def number(self) -> int:
        name = f"publicmeeting/{self.value}".encode()
        return int.from_bytes(hashlib.sha256(name).digest()[:8], signed=True)


@contextmanager
def database_lock(url: str, lock: Lock, *, wait: bool = True) -> Iterator[bool]:
    """Hold an exclusive lock; yields whether it was acquired.

    Only with `wait=False` can it yield False. Database errors pass through.
    """
    engine = _engine(url)
    with engine.connect() as connection:
        _refuse_pooler(engine, connection)
        if wait:
            connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": lock.number})
            yield True
        else:
            tried = text("SELECT pg_try_advisory_lock(:n)")
            yield bool(connection.execute(tried, {"n": lock.number}).scalar())


@contextmanager
def serving(url: str) -> Iterator[bool]:
    """Hold the shared serving lock for the length of the block, and retake it after an outage.

    Yields False if somebody holds the lock exclusively.
    """
    engine = _engine(url)
    connection = engine.connect()
    _refuse_pooler(engine, connection)
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
    while not ended.wait(_POLL_SECONDS):
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


def _refuse_pooler(engine: Engine, connection: Connection) -> None:
    """Raise if the connection is shared by a pooler.

    An exclusive connection keeps one backend process, which no other connection has. A shared one
    changes its backend, or has it in common with another connection.
    """
    own, others = set[int](), set[int]()
    with engine.connect() as other:
        for _ in range(_TRIES):
            own.add(_server(connection))
            others.add(_server(other))
    if len(own) > 1 or own & others:
        connection.close()
        raise HandedRoundError


def _server(connection: Connection) -> int:
    return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def _engine(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"connect_timeout": 3, "application_name": "publicmeeting lock"},
    )
    set_on_connect(engine, statement_timeout="0", lock_timeout="0", idle_session_timeout="0")
    return engine
