"""Topics published after commit, for open pages here and in the city's other processes.

A message carries no data: each page that wakes reads again with its own rights, so nothing can leak
through one."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from typing import Protocol

from publicmeeting.kit.topics import EVERYTHING

FEW, HEAD_START = 8, 0.1
"""Listeners of a topic who are woken at once, however many topics are published together; more than
these wait so many seconds, while those few read."""

Publish = Callable[[Collection[str]], None]


def _nobody(topics: Collection[str]) -> None:
    """There is no other process."""
    del topics


class PubSub:
    """Topics of one process; safe to publish to from any thread.

    `publish` reaches the other processes too; what they publish arrives by `publish_here`.
    """

    def __init__(self, publish: Publish = _nobody) -> None:
        self._publish = publish
        self._first: list[Publish] = []
        self._waiting: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def subscription(self, *topics: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever one of these topics is published."""
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

    def publish_first_to(self, do: Publish) -> None:
        """Call this with the topics of every publication, before any subscriber wakes and reads."""
        self._first.append(do)

    def publish_here(self, topics: Collection[str]) -> None:
        """Wake those of this process alone; `EVERYTHING` wakes all of them.

        Whoever listens to the topic of the fewest is woken first, and so reads first: the page of
        the one who is called before all those who wait in the same hall. Where she and others are
        concerned alike, the others wait a moment: their states and hers come from one Redis.
        """
        for do in self._first:
            do(topics)
        with self._lock:
            if EVERYTHING in topics:
                topics = list(self._waiting)
            by_topic = sorted((self._waiting.get(topic, set()) for topic in topics), key=len)
            few = dict.fromkeys(one for part in by_topic if len(part) <= FEW for one in part)
            all_ = dict.fromkeys(one for part in by_topic for one in part)
        for subscriber in all_:
            loop, event = subscriber
            pause = 0.0 if subscriber in few or not few else HEAD_START
            with contextlib.suppress(RuntimeError):  # that loop has closed: nobody listens there
                if pause:
                    loop.call_soon_threadsafe(loop.call_later, pause, event.set)
                else:
                    loop.call_soon_threadsafe(event.set)

    def has_subscribers(self, topic: str) -> bool:
        """Whether anybody of this process listens to a topic now."""
        with self._lock:
            return topic in self._waiting

    def subscriptions(self) -> int:
        """How many topics are awaited now, for /health and tests."""
        with self._lock:
            return sum(len(subscribers) for subscribers in self._waiting.values())


async def published(subscriber: asyncio.Event, within: float | None = None) -> bool:
    """Wait for a publication; False when so many seconds have gone by without one.

    Not by `asyncio.wait_for`: on Python 3.11 it loses a cancel that comes together with the event,
    and a task that should end waits for ever.
    """
    try:
        async with asyncio.timeout(within):
            await subscriber.wait()
    except TimeoutError:
        return False
    return True


RETRY_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Channel(Protocol):
    """Carries topics to the other processes."""

    def subscribe(self) -> AsyncIterator[frozenset[str]]:
        """The topics of each message of another process, as they come.

        The first set is empty: from then on nothing is missed. Raises `ConnectionError` when the
        connection cannot be made or is lost.
        """
        ...

    def publish(self, topics: Collection[str]) -> None:
        """Publish to the others what has just been committed; never waits, never raises."""
        ...


class Listener:
    """One per process: publishes here what the other processes publish."""

    def __init__(self, channel: Channel, pubsub: PubSub) -> None:
        self._channel = channel
        self._pubsub = pubsub
        self.is_connected = False
        """Whether messages of other processes arrive at once."""

    async def run(self) -> None:
        """Until cancelled. A lost connection is made again, and then every page reads again: what
        was published meanwhile has reached nobody here."""
        while True:
            try:
                async for topics in self._channel.subscribe():
                    if not self.is_connected:
                        self.is_connected = True
                        self._pubsub.publish_here({EVERYTHING})
                    self._pubsub.publish_here(topics)
            except ConnectionError as error:
                if self.is_connected:
                    _log.warning("the other processes are not heard: %s", error)
            except Exception:  # noqa: BLE001  (it shares a group with the clock, which would end)
                _log.exception("a message of another process could not be passed on")
            finally:
                self.is_connected = False
            await asyncio.sleep(RETRY_SECONDS)
