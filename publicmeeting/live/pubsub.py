"""Topics published after a commit, to open pages here and in the city's other processes.

A message carries no data. Each page that wakes reads again with its own rights, so a message cannot
leak anything.

`RedisChannel` connects processes whose database has no notifications: SQLite on one host.
"""

import asyncio
import contextlib
import logging
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from typing import Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

from publicmeeting.kit.topics import EVERYTHING, MOST, messages, topics_in

FEW, HEAD_START = 8, 0.1
"""Limit of subscribers who are woken immediately, and the delay of all others in seconds.

Subscribers of a topic with at most `FEW` of them read first, however many topics are published
together.
"""

Publish = Callable[[Collection[str]], None]


def _no_other_processes(topics: Collection[str]) -> None:
    """Do nothing: there is no other process."""
    del topics


class PubSub:
    """Topics of one process; `publish` may be called from any thread.

    `publish` reaches the other processes too. What they publish arrives by `publish_here`.
    """

    def __init__(self, publish: Publish = _no_other_processes) -> None:
        self._publish = publish
        self._first: list[Publish] = []
        self._waiting: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def subscription(self, *topics: str) -> Iterator[asyncio.Event]:
        """Yield an event that is set whenever one of these topics is published."""
        subscriber = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            for topic in topics:
                self._waiting.setdefault(topic, set()).add(subscriber)
        try:
            yield subscriber[1]
        finally:
            with self._lock:
                for topic in topics:
                    subscribers = self._waiting.get(topic, set())
                    subscribers.discard(subscriber)
                    if not subscribers:
                        self._waiting.pop(topic, None)

    def publish(self, topics: Collection[str]) -> None:
        """Wake every subscriber of these topics, which a unit of work has just committed."""
        self.publish_here(topics)
        self._publish(topics)

    def call_before_subscribers(self, do: Publish) -> None:
        """Call `do` with the topics of every publication before any subscriber wakes and reads."""
        self._first.append(do)

    def publish_here(self, topics: Collection[str]) -> None:
        """Wake subscribers of this process only; `EVERYTHING` wakes all of them.

        Subscribers of the topic with fewest subscribers are woken first and so read first: the page
        of the citizen who is called before everybody who waits in the same hall. If both are
        affected, the others wait a moment, because all states come from one Redis.
        """
        for do in self._first:
            do(topics)
        with self._lock:
            if EVERYTHING in topics:
                topics = list(self._waiting)
            by_topic = sorted((self._waiting.get(topic, set()) for topic in topics), key=len)
            early = dict.fromkeys(one for part in by_topic if len(part) <= FEW for one in part)
            subscribers = dict.fromkeys(subscriber for part in by_topic for subscriber in part)
        for subscriber in subscribers:
            loop, event = subscriber
            pause = 0.0 if subscriber in early or not early else HEAD_START
            with contextlib.suppress(RuntimeError):  # that loop has closed: nobody listens there
                if pause:
                    loop.call_soon_threadsafe(loop.call_later, pause, event.set)
                else:
                    loop.call_soon_threadsafe(event.set)

    def has_subscribers(self, topic: str) -> bool:
        """Return whether anybody in this process subscribes to a topic now."""
        with self._lock:
            return topic in self._waiting

    def subscriptions(self) -> int:
        """Return the number of topics awaited now, for /health and tests."""
        with self._lock:
            return sum(len(subscribers) for subscribers in self._waiting.values())


async def published(subscriber: asyncio.Event, within: float | None = None) -> bool:
    """Wait for a publication; False after `within` seconds without one.

    `asyncio.wait_for` is not used: on Python 3.11 it loses a cancel that comes together with the
    event, and a task that should end would wait forever.
    """
    try:
        async with asyncio.timeout(within):
            await subscriber.wait()
    except TimeoutError:
        return False
    return True


RETRY_SECONDS = 1.0
GATHER_SECONDS = 0.05
"""Minimum time between two publications of what other processes have published, in seconds.

The first message after a pause is passed on at once. Whoever reaches the channel could otherwise
ring every page thousands of times a second, and a process would still do it a minute later.
"""
_log = logging.getLogger(__name__)


class Channel(Protocol):
    """A channel that carries topics to the other processes."""

    def subscribe(self) -> AsyncIterator[frozenset[str]]:
        """Yield the topics of each message from another process.

        The first set is empty: from then on no message is missed. Raises `ConnectionError` if the
        connection cannot be made or is lost.
        """
        ...

    def publish(self, topics: Collection[str]) -> None:
        """Publish committed topics to the others; never waits, never raises."""
        ...


class Listener:
    """Publishes here what the other processes publish; one per process."""

    def __init__(self, channel: Channel, pubsub: PubSub) -> None:
        self._channel = channel
        self._pubsub = pubsub
        self._heard = set[str]()
        """Topics that wait to be published here."""
        self._waiting: asyncio.TimerHandle | None = None
        self._passed_on_at = float("-inf")
        """When topics were published here last, by the loop's clock."""
        self.is_connected = False
        """Whether messages of other processes arrive immediately."""

    async def run(self) -> None:
        """Run until cancelled; reconnect after a lost connection and then wake every page.

        What was published meanwhile has not reached this process.
        """
        self._waiting = None  # of an event loop that has ended
        while True:
            try:
                async for topics in self._channel.subscribe():
                    if not self.is_connected:
                        self.is_connected = True
                        self._hear({EVERYTHING})
                    self._hear(topics)
                    await asyncio.sleep(0)  # many messages at once hold nobody else up
            except ConnectionError as error:
                if self.is_connected:
                    _log.warning("the other processes are not heard: %s", error)
            except Exception:  # noqa: BLE001  (it shares a group with the clock, which would end)
                _log.exception("a message of another process could not be passed on")
            finally:
                self.is_connected = False
            await asyncio.sleep(RETRY_SECONDS)

    def _hear(self, topics: Collection[str]) -> None:
        """Publish these topics here, together with all others of the same moment."""
        self._heard.update(topics)
        if len(self._heard) > MOST:
            self._heard = {EVERYTHING}
        if self._heard and self._waiting is None:
            loop = asyncio.get_running_loop()
            at = max(loop.time(), self._passed_on_at + GATHER_SECONDS)
            self._waiting = loop.call_at(at, self._pass_on, loop)

    def _pass_on(self, loop: asyncio.AbstractEventLoop) -> None:
        topics, self._heard, self._waiting = self._heard, set(), None
        self._passed_on_at = loop.time()
        try:
            self._pubsub.publish_here(topics)
        except Exception:  # noqa: BLE001  (the next message is received all the same)
            _log.exception("a message of another process could not be passed on")


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
