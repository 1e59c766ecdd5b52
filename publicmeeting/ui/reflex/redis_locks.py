"""The lock of a page's state in Redis, for which nobody waits in vain.

Events of one page, those of its person and those beside it, ask for the lock of its state one after
another. With Reflex's own manager some waited until the lock expired, ten seconds, though it was
free: two who came while it was given back each waited for the other; one who went away between
asking and the answer, because her person had gone on to the next page, kept it; one who went away
when he was told of its end told nobody. What is given back so late may be somebody else's lock by
then, whose changes are lost with it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
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
    """Before the app is made, which chooses how its states are kept."""
    redis.StateManagerRedis = LocksGivenBack
