"""Whatever Redis holds of pages is sealed with the city's key, and nothing else is read from there.

Reflex stores pickles: the states of pages, which process has which socket, and updates on their way
to the process that has the socket. Reading a pickle runs whatever program its writer chose, so
somebody who only reached Redis would have had the city's key: another user of the machine, or the
database's owner by its COPY … TO PROGRAM. He also read what citizens were typing.

Each value is sealed for the key or channel that it stands at, so that a page's state or socket
cannot be led to another page. What does not open counts as absent: the page begins anew.
"""

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Protocol

from redis.asyncio import Redis
from reflex.istate.manager import redis as manager_module
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState
from reflex.utils import prerequisites
from reflex.utils.token_manager import RedisTokenManager

from publicmeeting.ui.reflex.redis_batches import RedisInBatches
from publicmeeting.ui.reflex.redis_locks import LocksGivenBack

_SOCKETS = RedisTokenManager._token_socket_record_prefix  # noqa: SLF001
_UPDATES = f"channel:{RedisTokenManager._get_lost_and_found_key('')}"  # noqa: SLF001
_get_redis = prerequisites.get_redis
_log = logging.getLogger(__name__)


class Seals(Protocol):
    """The city's key, as far as pages need it."""

    def seal_page(self, key: str, data: bytes) -> bytes: ...

    def open_page(self, key: str, sealed: bytes) -> bytes | None: ...


class SealedRedis:
    """Mixin of a Redis client: seals and opens what Reflex reads as pickles."""

    seals: Callable[[], Seals]

    async def mget(self, keys: Sequence[str], *more: str) -> list[bytes | None]:
        """Return the opened states at these keys; None for an absent or a forged one."""
        client: Any = super()
        found = await client.mget(keys, *more)
        return [self._opened(key, one) for key, one in zip([*keys, *more], found, strict=True)]

    async def get(self, name: str | bytes) -> bytes | None:
        client: Any = super()
        found: bytes | None = await client.get(name)
        return self._opened(name, found) if _holds_socket(name) else found

    async def set(self, name: str | bytes, value: Any, *more: Any, **options: Any) -> Any:
        if _holds_socket(name):
            value = self.seals().seal_page(_text(name), value)
        client: Any = super()
        return await client.set(name, value, *more, **options)

    async def publish(self, channel: str, message: Any, **options: Any) -> Any:
        if channel.startswith(_UPDATES):
            message = self.seals().seal_page(channel, message)
        client: Any = super()
        return await client.publish(channel, message, **options)

    def pubsub(self, **options: Any) -> Any:
        """Return a subscription that passes on only updates that this city has published."""
        client: Any = super()
        subscription = client.pubsub(**options)
        listen = subscription.listen

        async def opened() -> AsyncIterator[dict[str, Any]]:
            async for message in listen():
                channel = _text(message["channel"])
                if message["type"] != "pmessage" or not channel.startswith(_UPDATES):
                    yield message
                elif (update := self._opened(channel, message["data"])) is not None:
                    yield {**message, "data": update}

        subscription.listen = opened
        return subscription

    def _opened(self, key: str | bytes, sealed: bytes | None) -> bytes | None:
        if sealed is None:
            return None
        found = self.seals().open_page(_text(key), sealed)
        if found is None:
            _log.warning("a value in Redis was not written by this release with this city's key")
        return found


class SealedStates(LocksGivenBack):
    """State manager whose client is a `SealedRedis`, which opens what it seals."""

    def _collect_state_writes(
        self, token: BaseStateToken, base_state: BaseState
    ) -> list[tuple[str, bytes]]:
        seals = self.redis.seals()  # type: ignore[attr-defined]
        writes = super()._collect_state_writes(token, base_state)
        return [(key, seals.seal_page(key, state)) for key, state in writes]


def seal_redis(seals: Callable[[], Seals]) -> None:
    """Replace Reflex's client and state manager. Call it before the app is created.

    `seals` returns the city's vault; it is called only once the app runs.
    """

    class Client(SealedRedis, RedisInBatches):
        """Client in place of Reflex's own."""

    Client.seals = staticmethod(seals)

    def sealed() -> Redis | None:
        client = _get_redis()
        return None if client is None else Client.from_pool(client.connection_pool)

    prerequisites.get_redis = sealed
    manager_module.StateManagerRedis = SealedStates


def _holds_socket(key: str | bytes) -> bool:
    return _text(key).startswith(_SOCKETS)


def _text(key: str | bytes) -> str:
    return key.decode(errors="replace") if isinstance(key, bytes) else key
