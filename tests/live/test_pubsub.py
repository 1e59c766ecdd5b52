"""Waiting for a topic: a publication, a timeout, and a cancellation at the same moment."""

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


def test_whoever_hears_of_it_alone_is_woken_first() -> None:
    """The page that a call is about is woken before all other pages of the hall."""
    pubsub = PubSub()
    woken: list[str] = []

    async def waits(name: str, *topics: str) -> None:
        with pubsub.subscription(*topics) as subscriber:
            await published(subscriber, MINUTE)
            woken.append(name)

    async def all_wait() -> None:
        crowd = [asyncio.create_task(waits("other", "district:6")) for _ in range(20)]
        hers = asyncio.create_task(waits("hers", "district:6", "request:A"))
        crowd += [asyncio.create_task(waits("other", "district:6")) for _ in range(20)]
        screen = asyncio.create_task(waits("screen", "hall:6", "district:6"))
        officer = asyncio.create_task(waits("officer", "hall:6", "district:6"))
        await asyncio.sleep(0)
        pubsub.publish({"district:6", "hall:6", "request:A", "person:1"})
        for _ in range(10):
            await asyncio.sleep(0)
        assert len(woken) == 3  # the others wait, so that these can read first
        await asyncio.gather(*crowd, hers, screen, officer)

    asyncio.run(all_wait())
    assert woken[0] == "hers"
    assert set(woken[1:3]) == {"screen", "officer"}
    assert woken[3:] == ["other"] * 40


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
