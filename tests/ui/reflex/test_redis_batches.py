"""Commands of many pages travel to Redis together, and each caller gets its own answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import fakeredis
import pytest
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import ConnectionError as NoRedisError
from redis.exceptions import DataError, ResponseError
from redis.exceptions import TimeoutError as NoAnswerError

from publicmeeting.ui.reflex import redis_batches
from publicmeeting.ui.reflex.redis_batches import RedisInBatches

MANY = 250
A_WHILE = 5.0


class Counted(RedisInBatches):
    """Counts the batches."""

    batches = 0

    def pipeline(self, *arguments: Any, **options: Any) -> Any:
        self.batches += 1
        return super().pipeline(*arguments, **options)


def run(check: Callable[[Counted], Awaitable[None]], server: Redis | None = None) -> None:
    async def within() -> None:
        opened = server or fakeredis.FakeAsyncRedis()
        client = Counted.from_pool(opened.connection_pool)
        await check(client)
        await client.aclose()

    asyncio.run(within())


def test_commands_of_one_moment_travel_together_and_are_answered_in_order() -> None:
    async def check(client: Counted) -> None:
        names = [f"press:{number}" for number in range(MANY)]
        taken = await asyncio.gather(*(client.set(name, name, nx=True) for name in names))
        again = await asyncio.gather(*(client.set(name, b"other", nx=True) for name in names))
        assert all(taken)
        assert not any(again)
        assert await asyncio.gather(*map(client.get, names)) == [name.encode() for name in names]
        assert client.batches <= MANY / 10

    run(check)


def test_a_command_that_comes_when_a_batch_is_just_answered_is_sent() -> None:
    """One moment lies between the last answer and the end of the task that sent it."""

    async def check(client: Counted) -> None:
        async def asks_again(turns: int) -> None:
            await client.set("a", "1")
            for _ in range(turns):
                await asyncio.sleep(0)
            assert await client.get("a") == b"1"

        async with asyncio.timeout(A_WHILE):
            for turns in range(6):
                await asks_again(turns)

    run(check)


def test_a_refused_command_is_refused_to_its_caller_alone() -> None:
    async def check(client: Counted) -> None:
        await client.sadd("several", "a")
        one, other, third = await asyncio.gather(
            client.set("one", "1"),
            client.incr("several"),
            client.get("one"),
            return_exceptions=True,
        )
        assert one is True
        assert isinstance(other, ResponseError)
        assert third == b"1"

    run(check)


def test_without_redis_everybody_learns_it_and_afterwards_it_works() -> None:
    server = fakeredis.FakeServer()

    async def check(client: Counted) -> None:
        server.connected = False
        found = await asyncio.gather(client.get("a"), client.get("b"), return_exceptions=True)
        assert [type(one) for one in found] == [NoRedisError, NoRedisError]
        server.connected = True
        assert await client.set("a", "1")

    run(check, fakeredis.FakeAsyncRedis(server=server))


def test_a_fault_that_cannot_be_copied_leaves_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class WantingError(Exception):
        def __init__(self, first: str, second: str) -> None:
            super().__init__(first)

    async def fails(_pipeline: Pipeline, **_options: object) -> None:
        raise WantingError("a", "b")

    async def check(client: Counted) -> None:
        monkeypatch.setattr(Pipeline, "execute", fails)
        async with asyncio.timeout(A_WHILE):
            found = await asyncio.gather(client.get("a"), client.get("b"), return_exceptions=True)
        assert [type(one) for one in found] == [WantingError, WantingError]

    run(check)


def test_a_caller_who_leaves_takes_nobodys_answer_along() -> None:
    async def check(client: Counted) -> None:
        first = asyncio.create_task(client.set("first", "1"))
        left = asyncio.create_task(client.set("left", "1"))
        last = asyncio.create_task(client.get("first"))
        await asyncio.sleep(0)
        left.cancel()
        assert await first
        assert await last == b"1"
        assert left.cancelled()
        assert await client.get("left") == b"1", "it was on its way"

    run(check)


def test_at_the_end_of_a_process_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(client: Counted) -> None:
        sent = asyncio.Event()

        async def unanswered(_pipeline: Pipeline, **_options: object) -> None:
            sent.set()
            await asyncio.Event().wait()

        with monkeypatch.context() as patch:
            patch.setattr(Pipeline, "execute", unanswered)
            first = asyncio.create_task(client.get("a"))
            await sent.wait()
            second = asyncio.create_task(client.get("b"))
            await asyncio.sleep(0)
            assert client._sending is not None
            client._sending.cancel()
            found = await asyncio.gather(first, second, return_exceptions=True)
        assert [type(one) for one in found] == [asyncio.CancelledError] * 2
        assert await client.set("a", "1")

    run(check)


def test_a_command_that_cannot_be_sent_is_refused_to_its_caller_alone() -> None:
    something: Any = object()

    async def check(client: Counted) -> None:
        await client.set("a", "1")
        bad, broken, good = await asyncio.gather(
            client.set("b", something),
            client.exists("page:\ud800"),
            client.get("a"),
            return_exceptions=True,
        )
        assert isinstance(bad, DataError)
        assert isinstance(broken, UnicodeEncodeError)
        assert good == b"1"

    run(check)


def test_each_caller_gets_a_fault_of_its_own() -> None:
    """Raising one exception in many tasks would mix their tracebacks."""
    server = fakeredis.FakeServer()

    async def check(client: Counted) -> None:
        server.connected = False
        one, other = await asyncio.gather(client.get("a"), client.get("b"), return_exceptions=True)
        assert isinstance(one, NoRedisError)
        assert one is not other

    run(check, fakeredis.FakeAsyncRedis(server=server))


def test_a_connection_without_answers_stops_nobody_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A firewall may drop a connection silently: TCP notices it after a quarter of an hour."""
    execute = Pipeline.execute
    is_first = True

    async def hangs_once(pipeline: Pipeline, **options: Any) -> Any:
        nonlocal is_first
        if is_first:
            is_first = False
            await asyncio.Event().wait()
        return await execute(pipeline, **options)

    monkeypatch.setattr(redis_batches, "ANSWERED_WITHIN", 0.05)
    monkeypatch.setattr(Pipeline, "execute", hangs_once)

    async def check(client: Counted) -> None:
        async with asyncio.timeout(A_WHILE):
            sent = asyncio.create_task(client.get("a"))
            await asyncio.sleep(0.01)
            waiting = [client.get("a") for _ in range(MANY)]
            found = await asyncio.gather(sent, *waiting, return_exceptions=True)
            assert {type(one) for one in found} == {NoAnswerError}
            assert await client.set("a", "1")

    run(check)
