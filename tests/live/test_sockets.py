"""Tasks that work for a page end with its socket, whoever started them and however many."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from publicmeeting.live.sockets import Sockets


def running(check: Callable[[Sockets], Awaitable[None]]) -> None:
    asyncio.run(check(Sockets()))  # type: ignore[arg-type]


def forever() -> asyncio.Task[Any]:
    return asyncio.create_task(asyncio.Event().wait())


async def ended(task: asyncio.Task[Any]) -> bool:
    with contextlib.suppress(asyncio.CancelledError):
        await task
    return task.cancelled()


def test_tasks_of_a_closed_socket_end_and_others_go_on() -> None:
    async def check(sockets: Sockets) -> None:
        sockets.open("a")
        sockets.open("b")
        tasks = [forever() for _ in range(3)]
        assert sockets.register("a", "watch", tasks[0])
        assert sockets.register("a", "clock", tasks[1])
        assert sockets.register("b", "watch", tasks[2])
        sockets.close("a")
        assert await ended(tasks[0])
        assert await ended(tasks[1])
        assert not tasks[2].done()
        assert (len(sockets), sockets.tasks()) == (1, 1)
        tasks[2].cancel()

    running(check)


def test_the_newest_of_a_name_ends_the_one_before() -> None:
    async def check(sockets: Sockets) -> None:
        sockets.open("a")
        tasks = [forever() for _ in range(20)]
        for task in tasks:
            assert sockets.register("a", "watch", task)
        assert [await ended(task) for task in tasks[:-1]] == [True] * 19
        assert not tasks[-1].done()
        assert sockets.tasks() == 1
        sockets.close("a")

    running(check)


def test_nothing_is_registered_for_a_socket_that_is_not_open() -> None:
    async def check(sockets: Sockets) -> None:
        task = forever()
        sockets.open("a")
        sockets.close("a")
        assert not sockets.register("a", "watch", task)
        assert not sockets.register("", "watch", task)
        assert not task.done()
        task.cancel()

    running(check)


def test_a_task_that_is_done_is_forgotten() -> None:
    async def check(sockets: Sockets) -> None:
        sockets.open("a")
        task = asyncio.create_task(asyncio.sleep(0))
        assert sockets.register("a", "watch", task)
        assert sockets.register("a", "watch", task)  # twice by mistake: it is not ended
        await task
        await asyncio.sleep(0)
        assert not task.cancelled()
        assert sockets.tasks() == 0

    running(check)
