"""Replacement for Reflex's lock of a page's state in Redis, whose waiters could wait for a free
lock.

Events of one page take the lock of its state one after another. With Reflex's own manager some
waited until the lock expired, after ten seconds, although it was free:

- Two that came while the lock was released each waited for the other.
- One that was cancelled between its request and the answer, because its reader had gone to the next
  page, kept the lock.
- One that was cancelled when it was notified of the release did not notify the next.
- One that was cancelled withdrew the request of its whole process, in which another one waited. The
  next process then held the lock for the two seconds of its lease.

A lock that is released so late may belong to somebody else by then, whose changes are lost with it.

Reflex also holds the lock for all events of a moment, and writes their changes at the end. If
another process asked for the lock in that instant, Reflex released it before it had written, and
the changes were refused.

Each process of Reflex's hears of every lock of every page whenever it is taken and released: three
messages, some twelve for one filing with two processes. Here a process listens only while somebody
in it waits for a lock.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)
from typing import Any, Unpack

from redis.asyncio.client import PubSub
from reflex.istate.manager import StateModificationContext
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import TOKEN_TYPE, StateToken

_giving_back = set[asyncio.Task[None]]()
"""References to running release tasks: the event loop holds its tasks only weakly."""


def _asking(lock_key: bytes) -> bytes:
    """Return the key of the set of processes that wait for a lock."""
    return lock_key + b"_waiters"


class LocksGivenBack(StateManagerRedis):
    """State manager in place of Reflex's own. State and lock are stored in Redis as before."""

    _subscription: PubSub | None = None
    """What this process listens to; None while it is not connected."""
    _waiting = 0
    """How many wait for locks that other processes may hold."""

    async def _subscribe_lock_updates(self) -> None:
        """Listen for other processes that ask for a lock, and for releases while somebody waits."""
        await self._enable_keyspace_notifications()  # type: ignore[no-untyped-call]
        asked: dict[str, Any] = {self._channels("_lock_waiters"): self._handle_lock_contention}
        async with self.redis.pubsub() as subscription:
            await subscription.psubscribe(**asked)
            self._subscription = subscription
            if self._waiting:
                await self._hear_releases(subscription)
            try:
                async for message in subscription.listen():
                    if message["type"] == "psubscribe":  # Redis sends messages from here on
                        self._lock_updates_subscribed.set()
                        for lock_key in tuple(self._lock_waiters):  # released before that
                            self._notify_next_waiter(lock_key)
                    elif message["type"] == "punsubscribe" and self._waiting:
                        await self._hear_releases(subscription)  # somebody came meanwhile
            finally:
                self._subscription = None
                self._lock_updates_subscribed.clear()

    @asynccontextmanager
    async def _request_lock_release(self, lock_key: bytes, lock_id: bytes) -> AsyncIterator[None]:
        """Ask in the name of this process until its last waiter has left."""
        del lock_id
        self._waiting += 1
        try:
            if (subscription := self._subscription) is not None:
                await self._hear_releases(subscription)
            if self._oplock_enabled:
                await self._ask(lock_key)
            yield
        finally:
            self._waiting -= 1
            if self._oplock_enabled and self._n_lock_waiters(lock_key) == 1:
                await self.redis.srem(_asking(lock_key), self._instance_id)
                if self._n_lock_waiters(lock_key) > 1:  # it came while Redis removed the request
                    await self._ask(lock_key)
            if not self._waiting and (subscription := self._subscription) is not None:
                await subscription.punsubscribe(self._channels("_lock"))

    async def _try_get_lock(self, lock_key: bytes, lock_id: bytes) -> bool | None:
        """Try to get the lock; one that would last longer than ours do ends when they would.

        Only somebody else who reaches Redis writes such a lock. Its page would never answer again.
        """
        if taken := await super()._try_get_lock(lock_key, lock_id):
            return taken
        await self.redis.pexpire(lock_key, self.lock_expiration, lt=True)
        return None

    async def _ask(self, lock_key: bytes) -> None:
        request = self.redis.pipeline()
        request.sadd(_asking(lock_key), self._instance_id)
        request.pexpire(_asking(lock_key), self.lock_expiration)
        await request.execute()

    async def _n_lock_contenders(self, lock_key: bytes) -> int:
        """Count the other processes that wait: those in this one use the state under its lease."""
        processes = await self.redis.smembers(_asking(lock_key))
        return len(processes - {self._instance_id.encode()})

    async def _hear_releases(self, subscription: PubSub) -> None:
        released: dict[str, Any] = {self._channels("_lock"): self._handle_lock_release}
        await subscription.psubscribe(**released)

    def _channels(self, ending: str) -> str:
        """Return the pattern of channels on which Redis reports keys with this ending."""
        database = self.redis.get_connection_kwargs().get("db", 0)  # type: ignore[no-untyped-call]
        return f"__keyspace@{database}__:*{ending}"

    @asynccontextmanager
    async def _try_modify_state(
        self, token: StateToken[TOKEN_TYPE], **context: Unpack[StateModificationContext]
    ) -> AsyncIterator[TOKEN_TYPE | None]:
        async with self._get_state_cached(token) as cached:
            if cached is not None:  # the lock is held for all events of a moment
                yield cached
                self._notify_next_waiter(self._lock_key(token))
                return
        locked = super()._try_modify_state(token, **context)
        getting = asyncio.ensure_future(locked.__aenter__())
        try:
            state = await asyncio.shield(getting)
        except asyncio.CancelledError as fault:
            task = asyncio.create_task(self._give_back(token, getting, locked, fault))
            _giving_back.add(task)
            task.add_done_callback(_giving_back.discard)
            raise
        try:
            yield state
        except BaseException as fault:
            if not await asyncio.shield(locked.__aexit__(type(fault), fault, fault.__traceback__)):
                raise
        else:
            await asyncio.shield(locked.__aexit__(None, None, None))

    @asynccontextmanager
    async def _lock_waiter(self, lock_key: bytes) -> AsyncIterator[asyncio.Event]:
        try:
            async with super()._lock_waiter(lock_key) as released:
                if self._lock_waiters[lock_key][0] is released:
                    released.set()  # the first waiter tries the lock before it waits
                yield released
        finally:
            # a waiter that is woken for nothing tries and waits again
            self._notify_next_waiter(lock_key)

    async def _create_lease_break_task(
        self,
        token: StateToken[TOKEN_TYPE],
        lock_id: bytes,
        cleanup_ctx: AsyncExitStack,
        **context: Unpack[StateModificationContext],
    ) -> "asyncio.Task[Any] | None":
        # runs before the lock is released
        cleanup_ctx.push_async_callback(self._written, token.lock_key)
        return await super()._create_lease_break_task(token, lock_id, cleanup_ctx, **context)

    async def _written(self, lock_key: str) -> None:
        """Wait until all changes under this lock are written: writers hold or await the same
        in-process lock."""
        state_lock = self._cached_states_locks.get(lock_key)
        if state_lock is None:
            return
        turn = asyncio.ensure_future(state_lock.acquire())
        while not turn.done():
            with suppress(asyncio.CancelledError):  # notified again while it already waits
                await asyncio.shield(turn)
        state_lock.release()

    async def _give_back(
        self,
        token: StateToken[Any],
        getting: "asyncio.Future[Any]",
        locked: AbstractAsyncContextManager[Any],
        fault: asyncio.CancelledError,
    ) -> None:
        try:
            await getting
            with suppress(asyncio.CancelledError):
                await locked.__aexit__(type(fault), fault, None)
        finally:
            self._notify_next_waiter(self._lock_key(token))
