"""PostgreSQL's LISTEN and NOTIFY: a message goes out with the commit it announces, or never."""

from collections.abc import AsyncIterator, Collection

import psycopg
from sqlalchemy import Connection, Engine, func
from sqlmodel import select

from publicmeeting.kit.topics import messages, topics_in

NAME = "publicmeeting_topics"
LISTENER = "publicmeeting listener"
"""By which its connection is known in `pg_stat_activity`."""


class PostgresChannel:
    """Hears through a connection of its own: a pool that hands it round would lose messages."""

    def __init__(self, engine: Engine, sender: str) -> None:
        self._engine = engine
        self._sender = sender
        """Whose messages are ignored: this process has published them already."""

    def publish(self, topics: Collection[str]) -> None:
        """The transaction has done so; see `notify`."""

    async def subscribe(self) -> AsyncIterator[frozenset[str]]:
        """The topics of each transaction another process has committed; see `live.channel`."""
        _, how = self._engine.dialect.create_connect_args(self._engine.url)
        try:
            # A server that is gone without a word is noticed within half a minute.
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
    """Publish these topics to all other processes, at the moment this transaction commits."""
    for text in messages(sender, topics):
        connection.execute(select(func.pg_notify(NAME, text)))
