"""The lock of a page's state in Redis, for which nobody waits in vain.

Events of one page, those of its person and those beside it, ask for the lock of its state one after
another. With Reflex's own manager some waited until the lock expired, ten seconds, though it was
free: two who came while it was given back each waited for the other; one who went away between
asking and the answer, because her person had gone on to the next page, held it; one who went away
when he was notified of its end notified nobody. What is given back so late may be somebody else's
lock by then, whose changes are lost with it.

Reflex also holds the lock for all events of a moment, and writes what they changed when that is
over. Notified in just that instant that another process waits, it gave the lock back before it had
written, and the changes were refused.
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

from reflex.istate.manager import StateModificationContext, redis
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import TOKEN_TYPE, StateToken

_giving_back = set[asyncio.Task[None]]()
"""Held here until they are done: a loop knows its tasks only weakly."""


class LocksGivenBack(StateManagerRedis):
    """In place of Reflex's own; the state and its lock lie in Redis as before."""

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
                    released.set()  # the first in line looks before it waits
                yield released
        finally:
            self._notify_next_waiter(lock_key)  # who is woken in vain looks, and waits on

    async def _create_lease_break_task(
        self,
        token: StateToken[TOKEN_TYPE],
        lock_id: bytes,
        cleanup_ctx: AsyncExitStack,
        **context: Unpack[StateModificationContext],
    ) -> "asyncio.Task[Any] | None":
        cleanup_ctx.push_async_callback(self._written, token.lock_key)  # before it is given back
        return await super()._create_lease_break_task(token, lock_id, cleanup_ctx, **context)

    async def _written(self, lock_key: str) -> None:
        """Whoever writes holds the state, or stands in line for it: after them it is our turn."""
        state_lock = self._cached_states_locks.get(lock_key)
        if state_lock is None:
            return
        turn = asyncio.ensure_future(state_lock.acquire())
        while not turn.done():
            with suppress(asyncio.CancelledError):  # notified again to make haste
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


def mend_redis_locks() -> None:
    """Before the app is made, which chooses how its states are stored."""
    redis.StateManagerRedis = LocksGivenBack
