"""Nobody waits for a free lock of a page's state, even if its last holder disappeared."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import fakeredis
import pytest
import reflex as rx

from publicmeeting.ui.reflex.redis_locks import LocksGivenBack

KEY = b"tab_lock"
TOKEN = rx.BaseStateToken(ident="tab", cls=rx.State)
A_WHILE = 5.0
"""Seconds, much less than the lock lasts if nobody releases it."""


def run(check: Callable[[LocksGivenBack], Awaitable[None]], *, oplock: bool) -> None:
    async def within() -> None:
        server = fakeredis.FakeAsyncRedis()
        manager = LocksGivenBack(redis=server, lock_expiration=60_000)
        manager._oplock_enabled = oplock
        assert manager._lock_task is not None
        manager._lock_task.cancel()  # Redis reported the release before anybody waited
        await asyncio.sleep(0)
        manager._lock_updates_subscribed.set()
        async with asyncio.timeout(A_WHILE):
            await check(manager)
        await server.aclose()

    asyncio.run(within())


def test_two_who_come_while_it_is_given_back_do_not_wait_for_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def check(manager: LocksGivenBack) -> None:
        await manager.redis.set(KEY, b"before")
        both = asyncio.Barrier(2)

        async def given_back_meanwhile(_timeout: float | None = None) -> None:
            await both.wait()
            await manager.redis.delete(KEY)

        @asynccontextmanager
        async def told_to_others(_key: bytes, _id: bytes) -> AsyncIterator[None]:
            await both.wait()  # Redis answers both after both wait
            yield

        monkeypatch.setattr(manager, "_ensure_lock_task_subscribed", given_back_meanwhile)
        monkeypatch.setattr(manager, "_request_lock_release", told_to_others)
        got: list[str] = []

        async def use(name: str) -> None:
            async with manager._lock(TOKEN):
                got.append(name)

        await asyncio.gather(use("one"), use("other"))
        assert sorted(got) == ["one", "other"]

    run(check, oplock=True)


@pytest.mark.parametrize("oplock", [False, True])
def test_what_somebody_got_who_has_gone_is_free_again(
    monkeypatch: pytest.MonkeyPatch, *, oplock: bool
) -> None:
    async def check(manager: LocksGivenBack) -> None:
        answered, asked = asyncio.Event(), asyncio.Event()
        real = manager.redis.set

        async def slow(*arguments: Any, **options: Any) -> Any:
            answer = await real(*arguments, **options)
            asked.set()
            await answered.wait()
            return answer

        monkeypatch.setattr(manager.redis, "set", slow)

        async def use() -> None:
            async with manager.modify_state(TOKEN):
                raise AssertionError("it has gone")

        gone = asyncio.create_task(use())
        await asked.wait()
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        answered.set()
        monkeypatch.setattr(manager.redis, "set", real)
        async with manager.modify_state(TOKEN) as state:
            assert state is not None
            raise _NotWrittenError

    with pytest.raises(_NotWrittenError):  # a script of Redis writes changes
        run(check, oplock=oplock)


class _NotWrittenError(Exception):
    pass


def test_whoever_goes_lets_the_next_in_line_look() -> None:
    async def check(manager: LocksGivenBack) -> None:
        await manager.redis.set(KEY, b"before")
        goes = asyncio.create_task(manager._wait_lock(KEY, b"goes"))
        stays = asyncio.create_task(manager._wait_lock(KEY, b"stays"))
        for _ in range(200):  # both have tried in vain
            await asyncio.sleep(0)
        assert manager._n_lock_waiters(KEY) == len((goes, stays))
        await manager.redis.delete(KEY)
        goes.cancel()
        await stays
        assert await manager.redis.get(KEY) == b"stays"

    run(check, oplock=True)


def test_what_a_moments_events_changed_is_written_before_another_process_gets_the_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def check(manager: LocksGivenBack) -> None:
        manager.oplock_hold_time_ms = 1
        written_under = list[bytes | None]()

        async def write(*_state: object, lock_id: bytes, **_context: object) -> None:
            await asyncio.sleep(0)
            held_by = await manager.redis.get(KEY)
            assert held_by == lock_id
            written_under.append(held_by)

        monkeypatch.setattr(manager, "set_state", write)
        async with manager.modify_state(TOKEN):
            lease = manager._local_leases[TOKEN.lock_key]
            written_under.clear()  # ignore a lease that ended before anybody used it
            await asyncio.sleep(0.05)  # its lease is over, and it waits to write
            for _ in range(2):  # two other processes ask for the lock
                lease.cancel()
                await asyncio.sleep(0.01)
            assert await manager.redis.get(KEY), "it is held while somebody changes the state"
        with pytest.raises(asyncio.CancelledError):
            await lease
        assert len(written_under) == 1
        assert await manager.redis.get(KEY) is None

    run(check, oplock=True)
