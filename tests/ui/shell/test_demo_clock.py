"""The demo's bar shows the city's time without disturbing the page."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Self

import pytest
from support.background import Held
from support.hall import Hall
from support.staff_tab import Tab, do

from publicmeeting.ui.shell import demo as bar
from publicmeeting.ui.shell.demo import DemoState
from publicmeeting.ui.shell.live import CLOCK_MOVED


@pytest.fixture
def state(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> DemoState:
    monkeypatch.setattr(bar, "settings", _Demo)
    monkeypatch.setattr(bar, "PAUSE_SECONDS", 0.01)
    return Tab(hall.application).state(DemoState)


class _Demo:
    is_demo = True


class _Counted(Held):
    """Counts how often the state is locked."""

    async def __aenter__(self) -> Self:
        self._state.refused += "I"
        return self


async def beside(state: DemoState, then: Callable[[], Awaitable[None]]) -> int:
    """Do something while the page watches; return how often it locked its state."""
    watching = asyncio.create_task(DemoState.watch.fn(_Counted(state)))
    await asyncio.sleep(0.05)
    await then()
    await asyncio.sleep(0.1)
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    return len(state.refused)


def test_a_page_whose_bar_is_right_is_left_alone(hall: Hall, state: DemoState) -> None:
    asyncio.run(do(state, DemoState.load))
    shown = state.clock
    assert shown

    async def others_publish() -> None:
        hall.application.pubsub.publish({"district:6"})

    assert asyncio.run(beside(state, others_publish)) == 0
    assert state.clock == shown


def test_a_clock_that_was_moved_is_shown(hall: Hall, state: DemoState) -> None:
    asyncio.run(do(state, DemoState.load))
    shown = state.clock

    async def moves() -> None:
        hall.clock.forward(hours=3)
        hall.application.pubsub.publish({CLOCK_MOVED})

    assert asyncio.run(beside(state, moves)) == 1
    assert state.clock != shown


def test_a_clock_that_was_moved_before_it_watched_is_shown(hall: Hall, state: DemoState) -> None:
    asyncio.run(do(state, DemoState.load))
    shown = state.clock
    hall.clock.forward(hours=3)

    async def nothing() -> None:
        return

    assert asyncio.run(beside(state, nothing)) == 1
    assert state.clock != shown


def test_a_real_citys_page_has_no_clock(hall: Hall, state: DemoState, monkeypatch: Any) -> None:
    monkeypatch.setattr(_Demo, "is_demo", False)
    asyncio.run(do(state, DemoState.load))
    asyncio.run(DemoState.watch.fn(Held(state)))
    assert state.clock == ""
