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


async def settled() -> None:
    """Let all others run until they wait."""
    for _ in range(200):
        await asyncio.sleep(0)


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


@pytest.mark.parametrize("value", [b"his", [b"his"]], ids=["a lock", "a list"])
def test_a_lock_without_an_end_ends_as_ours_do(value: bytes | list[bytes]) -> None:
    """Somebody who only reaches Redis writes it, or a list in its place."""

    async def check(manager: LocksGivenBack) -> None:
        manager.lock_expiration = 200
        if isinstance(value, list):
            await manager.redis.rpush(KEY, *value)
        else:
            await manager.redis.set(KEY, value)
        await manager._wait_lock(KEY, b"ours")
        assert await manager.redis.get(KEY) == b"ours"
        manager.lock_expiration = 60_000
        assert not await manager._try_get_lock(KEY, b"later")
        assert await manager.redis.pttl(KEY) <= 200, "a lock of ours is not prolonged"

    run(check, oplock=True)


def test_whoever_goes_lets_the_next_in_line_look() -> None:
    async def check(manager: LocksGivenBack) -> None:
        await manager.redis.set(KEY, b"before")
        goes = asyncio.create_task(manager._wait_lock(KEY, b"goes"))
        stays = asyncio.create_task(manager._wait_lock(KEY, b"stays"))
        await settled()  # both have tried in vain
        assert manager._n_lock_waiters(KEY) == len((goes, stays))
        await manager.redis.delete(KEY)
        goes.cancel()
        await stays
        assert await manager.redis.get(KEY) == b"stays"

    run(check, oplock=True)


def test_whoever_goes_does_not_withdraw_the_request_of_another_in_this_process() -> None:
    async def check(manager: LocksGivenBack) -> None:
        other = LocksGivenBack(redis=manager.redis, lock_expiration=60_000)
        assert other._lock_task is not None
        other._lock_task.cancel()
        other._oplock_enabled, other.oplock_hold_time_ms = True, 60_000
        await manager.redis.set(KEY, b"a third process")
        goes = asyncio.create_task(manager._wait_lock(KEY, b"goes"))
        stays = asyncio.create_task(manager._wait_lock(KEY, b"stays"))
        await settled()
        goes.cancel()
        await settled()
        await manager.redis.delete(KEY)
        other._lock_updates_subscribed.set()
        async with other.modify_state(TOKEN):
            assert not stays.done()
            assert not other._local_leases, "it would keep the lock for all events of a moment"
            raise _NotWrittenError

    with pytest.raises(_NotWrittenError):
        run(check, oplock=True)


def test_the_next_in_this_process_uses_the_state_under_its_lease() -> None:
    async def check(manager: LocksGivenBack) -> None:
        await manager.redis.set(KEY, b"before")
        waits = [asyncio.create_task(manager._wait_lock(KEY, b"%d" % who)) for who in range(2)]
        await settled()
        assert await manager._n_lock_contenders(KEY) == 0
        other = LocksGivenBack(redis=manager.redis, lock_expiration=60_000)
        assert other._lock_task is not None
        other._lock_task.cancel()
        assert await other._n_lock_contenders(KEY) == 1
        for wait in waits:
            wait.cancel()
        await settled()
        assert await other._n_lock_contenders(KEY) == 0

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


def test_a_process_hears_of_releases_only_while_somebody_in_it_waits() -> None:
    async def within() -> None:
        server = fakeredis.FakeAsyncRedis()
        manager = LocksGivenBack(redis=server, lock_expiration=60_000)
        manager._oplock_enabled = True
        manager._redis_notify_keyspace_events_enabled = True  # the fake has none
        await manager._ensure_lock_task_subscribed()
        released = "__keyspace@0__:tab_lock"

        async def release() -> int:
            """Do as another process and as Redis, which reports it."""
            await server.delete(KEY)
            return int(await server.publish(released, "del"))

        assert await release() == 0
        for _ in range(2):
            await server.set(KEY, b"another process")
            waits = [asyncio.create_task(manager._wait_lock(KEY, b"%d" % who)) for who in range(2)]
            await settled()
            assert await release() == 1
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            assert await release() == 1, "the other one waits still"
            await asyncio.gather(*waits)
            await settled()
            assert await release() == 0
        await manager.close()

    async def in_time() -> None:
        async with asyncio.timeout(A_WHILE):
            await within()

    asyncio.run(in_time())


def test_who_comes_while_the_last_one_leaves_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    async def within() -> None:
        server = fakeredis.FakeAsyncRedis()
        manager = LocksGivenBack(redis=server, lock_expiration=60_000)
        manager._oplock_enabled = True
        manager._redis_notify_keyspace_events_enabled = True
        await manager._ensure_lock_task_subscribed()
        subscription = manager._subscription
        assert subscription is not None
        leaves, came = subscription.punsubscribe, asyncio.Event()

        async def leaves_late(pattern: str) -> None:
            await came.wait()
            await leaves(pattern)

        monkeypatch.setattr(subscription, "punsubscribe", leaves_late)
        await server.set(KEY, b"another process")
        first = asyncio.create_task(manager._wait_lock(KEY, b"first"))
        await settled()
        first.cancel()
        await settled()
        second = asyncio.create_task(manager._wait_lock(KEY, b"second"))
        await settled()
        came.set()
        await settled()
        await server.delete(KEY)
        assert await server.publish("__keyspace@0__:tab_lock", "del") == 1
        await second
        await server.delete(KEY)
        await manager.close()

    async def in_time() -> None:
        async with asyncio.timeout(A_WHILE):
            await within()

    asyncio.run(in_time())
