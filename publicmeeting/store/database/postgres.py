"""What only PostgreSQL offers all processes: advisory locks, and topics by LISTEN and NOTIFY.

Each lock belongs to a session of its own, so the database releases it when the process or its
machine dies. A connection pooler must not share that session (pgbouncer: session mode), or another
client would get the lock. This is tested before a lock is taken.

Topics are sent with the commit or never.
"""

import hashlib
import threading
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import contextmanager
from enum import StrEnum

import psycopg
from sqlalchemy import Connection, Engine, bindparam, create_engine, func, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlmodel import select

from publicmeeting.kit.topics import topics_in
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
    """Take the lock again after an outage, as soon as nobody holds it exclusively."""
    is_shared = True
    while not ended.wait(_POLL_SECONDS):
        try:
            if connection is None:
                connection, is_shared = engine.connect(), False
            if is_shared:
                connection.execute(text("SELECT 1"))
            else:
                is_shared = _share(connection)
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


NAME = "publicmeeting_topics"
NOTIFY = select(func.pg_notify(NAME, bindparam("message")))
"""Publishes a message to all other processes when its transaction commits."""
LISTENER = "publicmeeting listener"
"""Application name of its connection in `pg_stat_activity`."""


class PostgresChannel:
    """Listens on a connection of its own; a pooler that shares it would lose messages."""

    def __init__(self, engine: Engine, sender: str) -> None:
        self._engine = engine
        self._sender = sender
        """Id of this process, whose own messages are ignored."""

    def publish(self, topics: Collection[str]) -> None:
        """Do nothing: the transaction publishes by `notify`."""

    async def subscribe(self) -> AsyncIterator[frozenset[str]]:
        """Yield the topics of each transaction that another process commits; see `live.pubsub`."""
        _, how = self._engine.dialect.create_connect_args(self._engine.url)
        try:
            # Keepalives detect a dead server within half a minute.
            connection = await psycopg.AsyncConnection.connect(
                **how,
                autocommit=True,
                application_name=LISTENER,
                connect_timeout=3,
                keepalives_idle=10,
                keepalives_interval=5,
                keepalives_count=3,
            )
            async with connection:
                await connection.execute(f"LISTEN {NAME}")
                yield frozenset()
                async for notice in connection.notifies():
                    yield topics_in(notice.payload, self._sender)
        except (psycopg.Error, OSError) as error:
            raise ConnectionError(str(error)) from error
