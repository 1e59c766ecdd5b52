"""Tasks of a page end with its socket, whatever started them and however many there are."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from publicmeeting.live.sockets import (
    STAFF_MOST,
    STAFF_SECONDS,
    TREE_SECONDS,
    Limits,
    Page,
    Sockets,
)


def running(check: Callable[[Sockets], Awaitable[None]]) -> None:
    asyncio.run(check(Sockets()))


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
        assert sockets.register("a", "watch", task)  # registered twice, the task is not ended
        await task
        await asyncio.sleep(0)
        assert not task.cancelled()
        assert sockets.tasks() == 0

    running(check)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_state_of_a_closed_page_makes_room_when_it_is_gone() -> None:
    clock = Clock()
    sockets = Sockets(Limits(per_owner=2), clock)
    page, other, third = (Page(token=name, owner="mobile:1") for name in ("a", "b", "c"))
    sockets.open("1", page)
    sockets.open("2", other)
    assert sockets.is_full(third)
    sockets.close("1")
    clock.now += TREE_SECONDS - 1
    assert sockets.is_full(third), "a phone may find it again"
    assert not sockets.is_full(page)
    sockets.open("3", page)
    sockets.close("3")
    clock.now += 2
    assert sockets.is_full(third), "it was opened again since"
    clock.now += TREE_SECONDS
    assert not sockets.is_full(third)
    assert sockets.states() == 1, "the open one stays, however silent"
    sockets.close("2")
    clock.now += TREE_SECONDS + 1
    assert sockets.states() == 0


def test_with_redis_a_closed_page_counts_for_its_address_alone() -> None:
    """Redis holds its state, so it takes no memory of this process."""
    sockets = Sockets(Limits(nobodys=2, most=3, per_address=3), Clock(), states_in_redis=True)
    for number in range(3):
        visitor = Page(token=f"{number}", address=f"192.0.2.{number}")
        assert not sockets.is_full(visitor)
        for tab in ("", "again"):  # two sockets of one page
            sockets.open(f"{number}{tab}", visitor)
        for tab in ("", "again"):
            sockets.close(f"{number}{tab}")
    for number in (4, 5):
        sockets.open(f"{number}", Page(token=f"{number}", address="192.0.2.9"))
    assert sockets.is_full(Page(token="6", address="192.0.2.8")), "two strangers are there"
    assert sockets.is_full(Page(token="0", address="192.0.2.0")), "closed pages do not come back"
    assert not sockets.is_full(Page(token="4", address="192.0.2.9")), "an open one may"
    known = Page(token="7", owner="mobile:1")
    assert not sockets.is_full(known)
    sockets.open("7", known)
    assert sockets.is_full(Page(token="8", owner="mobile:2")), "three are there in all"
    for number in (4, 7):
        sockets.close(f"{number}")
    assert not sockets.is_full(Page(token="6", address="192.0.2.8"))
    sockets.open("6", Page(token="6", address="192.0.2.9"))
    sockets.close("5")
    sockets.close("6")
    assert not sockets.is_full(Page(token="9", address="192.0.2.9"))
    assert sockets.take_dropped() == ["4"], "it has opened three"


def test_who_opens_and_closes_pages_without_end_keeps_nobody_out_behind_his_address() -> None:
    sockets = Sockets(Limits(per_address=3), Clock())
    hers, late = Page(token="hers", address="192.0.2.7"), Page(token="late", address="192.0.2.7")
    sockets.open("hers", hers)
    for number in range(20):
        tab = Page(token=f"{number}", address="192.0.2.7")
        assert not sockets.is_full(tab)
        sockets.open(f"{number}", tab)
        sockets.close(f"{number}")
    assert sockets.take_dropped() == [f"{number}" for number in range(18)]
    assert sockets.states() == 3
    for number in (18, 19):  # he opens them again before they are dropped, and keeps them open
        sockets.open(f"{number}", Page(token=f"{number}", address="192.0.2.7"))
    assert sockets.is_full(late), "three are open"
    assert not sockets.is_full(Page(token="x", address="192.0.2.8"))
    sockets.close("18")
    assert not sockets.is_full(late)
    sockets.open("late", late)
    sockets.close("19")
    assert not sockets.is_full(Page(token="18", address="192.0.2.7"))
    sockets.open("18", Page(token="18", address="192.0.2.7"))
    assert sockets.take_dropped() == ["19"], "18 has been dropped and is open again"
    assert not sockets.is_full(hers)


def test_a_page_that_comes_back_from_another_network_loses_its_state_to_nobody() -> None:
    clock = Clock()
    sockets = Sockets(Limits(per_address=1), clock)
    sockets.open("at home", Page(token="hers", address="192.0.2.7"))
    sockets.close("at home")
    sockets.open("outside", Page(token="hers", address="192.0.2.8"))
    assert sockets.is_full(Page(token="next", address="192.0.2.7")), "hers is open"
    assert sockets.take_dropped() == []
    sockets.close("outside")
    clock.now += TREE_SECONDS + 1
    for name in ("other", "next"):
        tab = Page(token=name, address="192.0.2.8")
        assert not sockets.is_full(tab)
        sockets.open(name, tab)
        sockets.close(name)
    assert sockets.take_dropped() == ["other"], "hers had expired, and is dropped once"
    assert sockets.states() == 1


def test_two_tabs_of_one_page_count_once_and_close_twice() -> None:
    clock = Clock()
    sockets = Sockets(monotonic=clock)
    for socket in ("1", "2"):
        sockets.open(socket, Page(token="a"))
    sockets.close("1")
    clock.now += TREE_SECONDS + 1
    assert sockets.states() == 1
    sockets.close("2")
    sockets.close("2")
    clock.now += TREE_SECONDS + 1
    assert sockets.states() == 0


def test_what_an_official_typed_is_kept_for_a_day_at_work_and_for_so_many() -> None:
    clock = Clock()
    sockets = Sockets(monotonic=clock)
    for number in range(STAFF_MOST + 1):
        sockets.open(f"{number}", Page(token=f"{number}", owner="account:1", is_staff=True))
        sockets.close(f"{number}")
    sockets.open("citizen", Page(token="hers", owner="mobile:1"))
    sockets.close("citizen")
    assert sockets.staff_tokens() == [f"{number}" for number in range(1, STAFF_MOST + 1)]
    sockets.open("back", Page(token="7", owner="account:1", is_staff=True))
    assert "7" not in sockets.staff_tokens()
    clock.now += STAFF_SECONDS + 1
    assert sockets.staff_tokens() == []
