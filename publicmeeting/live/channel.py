"""Between the processes of one city: what one has changed, the pages of every other one show."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from typing import Protocol

from publicmeeting.kit.topics import EVERYTHING
from publicmeeting.live.pubsub import PubSub

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
