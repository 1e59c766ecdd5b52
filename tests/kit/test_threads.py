"""Few threads work; further ones begin a call only while all of the few are held up."""

import asyncio
import threading

import pytest

from publicmeeting.kit.process import threads
from publicmeeting.kit.process.threads import Threads

PATIENCE = 30
"""Seconds; only something that never comes takes so long."""
NEVER = 1000.0


class Calls:
    """Calls that note where they begin, and end when they may."""

    def __init__(self) -> None:
        self.begun: dict[int, str] = {}
        self.may_end = {number: threading.Event() for number in range(10)}
        self._change = threading.Condition()

    def call(self, number: int) -> int:
        with self._change:
            self.begun[number] = threading.current_thread().name.rpartition("_")[0]
            self._change.notify_all()
        assert self.may_end[number].wait(PATIENCE)
        return number

    async def have_begun(self, many: int) -> None:
        def wait() -> bool:
            with self._change:
                return self._change.wait_for(lambda: len(self.begun) == many, PATIENCE)

        assert await asyncio.to_thread(wait)


def start(pool: Threads, calls: Calls, *numbers: int) -> list[asyncio.Task[int]]:
    return [
        asyncio.create_task(pool.run(lambda number=number: calls.call(number)))
        for number in numbers
    ]


def test_few_threads_run_all_calls_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "HELD_UP", NEVER)

    async def scene() -> None:
        pool, calls = Threads(2, 8, "few"), Calls()
        tasks = start(pool, calls, *range(5))
        await calls.have_begun(2)
        for number in range(5):
            calls.may_end[number].set()
            await tasks[number]
        assert list(calls.begun) == [0, 1, 2, 3, 4]
        assert set(calls.begun.values()) == {"few"}

    asyncio.run(scene())


def test_further_threads_begin_what_waits_behind_calls_that_are_held_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threads, "HELD_UP", 0.001)

    async def scene() -> None:
        pool, calls = Threads(1, 3, "few"), Calls()
        tasks = start(pool, calls, *range(4))
        await calls.have_begun(3)
        assert list(calls.begun.values()) == ["few", "few-more", "few-more"]
        monkeypatch.setattr(threads, "HELD_UP", NEVER)
        for number in range(4):
            calls.may_end[number].set()
        assert await asyncio.gather(*tasks) == [0, 1, 2, 3]
        (last,) = start(pool, calls, 4)
        await calls.have_begun(5)
        assert calls.begun[4] == "few", "nothing is held up any more"
        calls.may_end[4].set()
        await last

    asyncio.run(scene())


def test_a_call_that_comes_while_all_are_held_up_begins_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> None:
        pool, calls = Threads(1, 2, "few"), Calls()
        (held,) = start(pool, calls, 0)
        await calls.have_begun(1)
        monkeypatch.setattr(pool, "_begun_at", -NEVER)
        monkeypatch.setattr(threads, "HELD_UP", NEVER / 2)
        (second,) = start(pool, calls, 1)
        await calls.have_begun(2)
        for number in range(2):
            calls.may_end[number].set()
        assert await asyncio.gather(held, second) == [0, 1]

    asyncio.run(scene())


def test_a_fault_reaches_the_caller_and_ends_no_thread() -> None:
    def fault() -> None:
        raise LookupError

    async def scene() -> None:
        pool = Threads(1, 2, "few")
        for _ in range(3):
            with pytest.raises(LookupError):
                await pool.run(fault)
        assert await pool.run(lambda: 7) == 7

    asyncio.run(scene())


def test_a_call_whose_caller_gives_up_before_it_begins_never_begins() -> None:
    async def scene() -> None:
        pool, calls = Threads(1, 2, "few"), Calls()
        held, given_up = start(pool, calls, 0, 1)
        await calls.have_begun(1)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        calls.may_end[0].set()
        assert await held == 0
        calls.may_end[2].set()
        await asyncio.gather(*start(pool, calls, 2))
        assert list(calls.begun) == [0, 2]

    asyncio.run(scene())
