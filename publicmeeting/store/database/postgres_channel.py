"""Topics between processes by PostgreSQL's LISTEN and NOTIFY, sent with the commit or never."""

from collections.abc import AsyncIterator, Collection

import psycopg
from sqlalchemy import Connection, Engine, func
from sqlmodel import select

from publicmeeting.kit.topics import messages, topics_in

NAME = "publicmeeting_topics"
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


def notify(connection: Connection, sender: str, topics: Collection[str]) -> None:
    """Publish these topics to all other processes when this transaction commits."""
    for text in messages(sender, topics):
        connection.execute(select(func.pg_notify(NAME, text)))
