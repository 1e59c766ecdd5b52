"""Redis channel between processes, for a database without notifications: SQLite on one host."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Collection

from redis.asyncio import Redis
from redis.exceptions import RedisError

from publicmeeting.kit.topics import EVERYTHING, messages, topics_in

NAME = "publicmeeting:topics"
UNSENT_MOST = 1000
"""Messages queued while Redis does not answer; above this, every page reads again instead."""

_KEEPALIVE_SECONDS = 15


class RedisChannel:
    """Publishes and receives on the loop that subscribes.

    Earlier publications are dropped, because nobody could receive them yet.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._sender = uuid.uuid4().hex
        self._loop: asyncio.AbstractEventLoop | None = None
        self._unsent: asyncio.Queue[str] = asyncio.Queue()

    def publish(self, topics: Collection[str]) -> None:
        """Publish from any thread."""
        if self._loop is None or not topics:
            return
        with contextlib.suppress(RuntimeError):  # the loop has closed: the process ends
            self._loop.call_soon_threadsafe(self._keep, frozenset(topics))

    async def subscribe(self) -> AsyncIterator[frozenset[str]]:
        """See `Channel`."""
        self._loop = asyncio.get_running_loop()
        client = Redis.from_url(
            self._url, socket_connect_timeout=3, health_check_interval=_KEEPALIVE_SECONDS
        )
        sending: asyncio.Task[None] | None = None
        try:
            async with client, client.pubsub() as subscription:
                await subscription.subscribe(NAME)
                sending = asyncio.create_task(self._send(client))
                while not sending.done():
                    # The timeout lets the client notice a server that vanished without closing.
                    message = await subscription.get_message(timeout=_KEEPALIVE_SECONDS)
                    if message is None:
                        continue
                    is_first = message["type"] == "subscribe"
                    yield frozenset() if is_first else topics_in(message["data"], self._sender)
                await sending
        except (RedisError, OSError) as error:
            raise ConnectionError(str(error)) from error
        finally:
            if sending is not None:
                sending.cancel()

    def _keep(self, topics: frozenset[str]) -> None:
        if self._unsent.qsize() >= UNSENT_MOST:
            while not self._unsent.empty():
                self._unsent.get_nowait()
            topics = frozenset({EVERYTHING})
        for text in messages(self._sender, topics):
            self._unsent.put_nowait(text)

    async def _send(self, client: Redis) -> None:
        while True:
            text = await self._unsent.get()
            try:
                await client.publish(NAME, text)
            except (RedisError, OSError):
                self._unsent.put_nowait(text)
                raise
