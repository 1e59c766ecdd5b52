"""Waiting for a topic: a publication, a time-out, and a cancel that comes together with one."""

import asyncio

import pytest

from publicmeeting.live.pubsub import PubSub, published

MINUTE = 60.0


async def is_published(*topics: str, within: float) -> bool:
    pubsub = PubSub()
    with pubsub.subscription("log") as subscriber:
        pubsub.publish(topics)
        return await published(subscriber, within)


def test_a_ring_is_heard_and_silence_ends() -> None:
    assert asyncio.run(is_published("log", within=MINUTE))
    assert not asyncio.run(is_published("draws", within=0.01))


@pytest.mark.parametrize("turns", range(4))
def test_whoever_is_ended_at_the_very_ring_ends(turns: int) -> None:
    pubsub = PubSub()

    async def listens() -> None:
        with pubsub.subscription("log") as subscriber:
            while True:
                await published(subscriber, MINUTE)
                subscriber.clear()

    async def ended() -> bool:
        listening = asyncio.create_task(listens())
        await asyncio.sleep(0)
        assert pubsub.has_subscribers("log")
        pubsub.publish(["log"])
        for _ in range(turns):
            await asyncio.sleep(0)
        listening.cancel()
        done, _ = await asyncio.wait([listening], timeout=1)
        return listening in done

    assert asyncio.run(ended())
