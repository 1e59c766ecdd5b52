"""Events of one address wait for each other, and never for those of another."""

import asyncio
from collections.abc import Awaitable, Callable

from publicmeeting.live.at_once import AtOnce, Place

BUSY, OTHER = "address 192.0.2.7", "address 192.0.2.8"
LONG = 3600.0


def running(check: Callable[[AtOnce], Awaitable[None]], seconds: float = LONG) -> None:
    asyncio.run(check(AtOnce(2, seconds)))


async def asks(places: AtOnce, group: str = BUSY) -> asyncio.Task[Place]:
    asked = asyncio.create_task(places.take(group))
    await rests()
    return asked


async def rests() -> None:
    """Let everything happen that waits for no time."""
    for _ in range(5):
        await asyncio.sleep(0)


def until_one_waits(places: AtOnce) -> None:
    while not places._waiting:
        pass


def test_the_third_of_an_address_waits_for_the_first_to_end_and_nobody_else_does() -> None:
    async def check(places: AtOnce) -> None:
        first, _second, third, fourth = [await asks(places) for _ in range(4)]
        assert [one.done() for one in (first, third, fourth)] == [True, False, False]
        assert (await asks(places, OTHER)).done()
        first.result().give_back()
        first.result().give_back()  # once is once
        await rests()
        assert third.done()
        assert not fourth.done()
        fourth.cancel()

    running(check)


def test_whoever_leaves_while_waiting_takes_no_place_along() -> None:
    async def check(places: AtOnce) -> None:
        first, second, leaves, at_once = [await asks(places) for _ in range(4)]
        leaves.cancel()
        await asyncio.wait([leaves])
        first.result().give_back()
        await asyncio.sleep(0)
        at_once.cancel()  # in the moment in which it gets its place
        await asyncio.wait([at_once])
        assert (await asks(places)).done()
        second.result().give_back()
        assert (await asks(places)).done()

    running(check)


def test_what_waits_for_nothing_lets_others_begin_between() -> None:
    async def check(places: AtOnce) -> None:
        begun = list[str]()

        async def short(group: str) -> None:
            place = await places.take(group)
            begun.append(group)
            place.give_back()

        await asyncio.gather(*(short(BUSY) for _ in range(9)), short(OTHER))
        assert begun.index(OTHER) == 2

    running(check)


def test_an_event_that_never_ends_gives_its_place_back_after_a_while() -> None:
    async def check(places: AtOnce) -> None:
        for _ in range(9):
            await places.take(BUSY)

    running(check, seconds=0.0)


def test_whoever_waits_in_the_loop_of_another_thread_is_woken() -> None:
    async def check(places: AtOnce) -> None:
        first = await places.take(BUSY)
        await places.take(BUSY)
        other = asyncio.create_task(asyncio.to_thread(asyncio.run, places.take(BUSY)))
        await asyncio.to_thread(until_one_waits, places)
        first.give_back()
        await asyncio.wait_for(other, 5)

    running(check)
