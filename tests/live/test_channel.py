"""Publications of other processes arrive; after a lost connection every page reads again."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import contextmanager

import fakeredis
import pytest

from publicmeeting.live import pubsub
from publicmeeting.live.pubsub import Channel, Listener, PubSub, RedisChannel, published

PATIENCE = 20.0
FLOOD = 100


class Wire:
    """A channel whose other end the test holds; `None` cuts it."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[frozenset[str] | None] = asyncio.Queue()
        self.published: list[Collection[str]] = []

    async def subscribe(self) -> AsyncIterator[frozenset[str]]:
        yield frozenset()
        while (topics := await self.sent.get()) is not None:
            yield topics
        raise ConnectionError("cut")

    def publish(self, topics: Collection[str]) -> None:
        self.published.append(topics)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pubsub, "RETRY_SECONDS", 0.01)


@contextmanager
def listening(over: Channel, pubsub: PubSub) -> Iterator[Listener]:
    listener = Listener(over, pubsub)
    task = asyncio.ensure_future(listener.run())
    yield listener
    task.cancel()


def test_a_message_rings_its_topics_and_is_not_published_again() -> None:
    async def received() -> None:
        wire = Wire()
        pubsub = PubSub(wire.publish)
        with listening(wire, pubsub):
            with pubsub.subscription("one") as event:  # the connection itself publishes once
                assert await published(event, PATIENCE)
            with pubsub.subscription("one") as event, pubsub.subscription("other") as other:
                wire.sent.put_nowait(frozenset({"one"}))
                assert await published(event, PATIENCE)
                assert not other.is_set()
        assert wire.published == []

    asyncio.run(received())


def test_a_connection_made_again_wakes_everybody() -> None:
    async def received() -> None:
        wire, pubsub = Wire(), PubSub()
        with listening(wire, pubsub) as listener:
            with pubsub.subscription("first") as first:
                assert await published(first, PATIENCE)
            assert listener.is_connected
            with pubsub.subscription("whatever") as subscriber:
                wire.sent.put_nowait(None)
                assert await published(subscriber, PATIENCE)
            assert listener.is_connected

    asyncio.run(received())


def test_whatever_goes_wrong_with_a_message_the_next_is_received() -> None:
    """The listener runs in a task group with the clock: if it ended, the clock would too."""

    class Odd(Wire):
        async def subscribe(self) -> AsyncIterator[frozenset[str]]:
            async for topics in super().subscribe():
                if "odd" in topics:
                    raise RuntimeError("odd")
                yield topics

    async def received() -> None:
        wire, pubsub = Odd(), PubSub()
        with listening(wire, pubsub):
            with pubsub.subscription("first") as first:
                assert await published(first, PATIENCE)
            wire.sent.put_nowait(frozenset({"odd"}))
            with pubsub.subscription("next") as subscriber:
                wire.sent.put_nowait(frozenset({"next"}))
                assert await published(subscriber, PATIENCE)

    asyncio.run(received())


def test_a_flood_of_messages_is_passed_on_together_and_none_is_lost() -> None:
    """Whoever reaches the channel rings every page ten thousand times a second."""

    async def received() -> None:
        wire, pubsub = Wire(), PubSub()
        passed_on: list[Collection[str]] = []
        pubsub.call_before_subscribers(passed_on.append)
        with listening(wire, pubsub):
            with pubsub.subscription("first") as first:
                assert await published(first, PATIENCE)
            passed_on.clear()
            with pubsub.subscription("last") as last:
                for number in range(10 * FLOOD):
                    wire.sent.put_nowait(frozenset({f"topic {number % FLOOD}"}))
                wire.sent.put_nowait(frozenset({"last"}))
                assert await published(last, PATIENCE)
        assert len(passed_on) < FLOOD
        heard = {topic for topics in passed_on for topic in topics}
        assert heard >= {f"topic {number}" for number in range(FLOOD)}

    asyncio.run(received())


def test_what_is_rung_here_is_published_once() -> None:
    wire = Wire()
    PubSub(wire.publish).publish({"log"})
    assert wire.published == [{"log"}]


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> fakeredis.FakeServer:
    """The server that every channel of this test connects to."""
    server = fakeredis.FakeServer()

    class Connected:
        @staticmethod
        def from_url(url: str, **how: object) -> fakeredis.FakeAsyncRedis:
            return fakeredis.FakeAsyncRedis(server=server)

    monkeypatch.setattr(pubsub, "Redis", Connected)
    monkeypatch.setattr(pubsub, "_KEEPALIVE_SECONDS", 0.01)
    return server


async def connected(*listeners: Listener) -> None:
    async with asyncio.timeout(PATIENCE):
        while not all(listener.is_connected for listener in listeners):  # noqa: ASYNC110 (a plain flag)
            await asyncio.sleep(0.01)


@pytest.mark.usefixtures("redis")
def test_over_redis_the_other_process_hears_it_from_any_thread_and_oneself_once() -> None:
    async def received() -> None:
        here, there = RedisChannel("unix:///x"), RedisChannel("unix:///x")
        ours, theirs = PubSub(here.publish), PubSub(there.publish)
        with listening(here, ours) as listener, listening(there, theirs) as other:
            await connected(listener, other)
            with theirs.subscription("log") as subscriber, ours.subscription("log") as own:
                await asyncio.to_thread(ours.publish, {"log"})
                assert await published(subscriber, PATIENCE)
                own.clear()
                await asyncio.to_thread(theirs.publish, {"done"})
                assert not own.is_set()

    asyncio.run(received())


def test_over_redis_what_was_rung_while_it_was_gone_is_told_afterwards(
    redis: fakeredis.FakeServer,
) -> None:
    async def received() -> None:
        here, there = RedisChannel("unix:///x"), RedisChannel("unix:///x")
        ours, theirs = PubSub(here.publish), PubSub(there.publish)
        with listening(here, ours) as listener, listening(there, theirs) as other:
            await connected(listener, other)
            redis.connected = False
            async with asyncio.timeout(PATIENCE):
                while listener.is_connected or other.is_connected:  # noqa: ASYNC110 (a plain flag)
                    await asyncio.sleep(0.01)
            ours.publish({"log"})
            with theirs.subscription("anything") as subscriber:
                redis.connected = True
                assert await published(subscriber, PATIENCE)

    asyncio.run(received())


@pytest.mark.usefixtures("redis")
def test_of_more_than_redis_may_owe_everything_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pubsub, "UNSENT_MOST", 2)

    async def owed() -> list[str]:
        here = RedisChannel("unix:///x")
        subscription = here.subscribe()
        await anext(subscription)
        for number in range(5):
            here.publish({f"request:{number}"})
        await asyncio.sleep(0)
        texts = [here._unsent.get_nowait() for _ in range(here._unsent.qsize())]
        await subscription.aclose()
        return texts

    assert any('"*"' in text for text in asyncio.run(owed()))


def test_before_anybody_listens_nothing_is_kept() -> None:
    alone = RedisChannel("unix:///x")
    alone.publish({"log"})
    assert alone._unsent.empty()
