"""Threads for calls that block: few as long as these get on, and more while all of them wait."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

R = TypeVar("R")

HELD_UP = 0.1
"""Seconds after which a running call counts as held up, by a lock or a slow statement."""


class Threads:
    """Runs calls in the order of their arrival.

    One interpreter runs all threads in turn. If many calls begin together, each ends late, and all
    of them hold a connection to the database meanwhile. So `few` threads do the work. Only while
    every one of them is held up, further threads begin calls too, up to `most` in all.
    """

    def __init__(self, few: int, most: int, name: str) -> None:
        self._few = few
        self._first = ThreadPoolExecutor(few, thread_name_prefix=name)
        self._further = ThreadPoolExecutor(most - few, thread_name_prefix=f"{name}-more")
        self.executors = (self._first, self._further)
        self._running = set[object]()
        """Calls in the first threads."""
        self._begun_at = 0.0
        """When the newest of them began, by the machine's monotonic clock."""

    async def run(self, call: Callable[[], R]) -> R:
        """Await a call in a thread. If the caller gives up before it has begun, it never begins."""
        offered = _Offered(call)
        self._first.submit(self._run_in_first, offered)
        self._look_again(offered, 0 if self._is_held_up() else HELD_UP)
        try:
            return await asyncio.wrap_future(offered.result)
        finally:
            offered.looked_at.cancel()

    def _run_in_first(self, offered: "_Offered[R]") -> None:
        if offered.take():
            self._running.add(offered)
            self._begun_at = time.monotonic()
            try:
                offered.run()
            finally:
                self._running.discard(offered)

    def _run_in_further(self, offered: "_Offered[R]") -> None:
        if offered.take():
            offered.run()

    def _look_again(self, offered: "_Offered[R]", seconds: float) -> None:
        loop = asyncio.get_running_loop()
        offered.looked_at = loop.call_later(seconds, self._look, offered)

    def _look(self, offered: "_Offered[R]") -> None:
        if offered.is_taken:
            return
        if self._is_held_up():
            self._further.submit(self._run_in_further, offered)
        else:
            self._look_again(offered, HELD_UP)

    def _is_held_up(self) -> bool:
        return len(self._running) == self._few and time.monotonic() - self._begun_at >= HELD_UP


class _Offered(Generic[R]):
    """A call that first and perhaps further threads may take; one of them does."""

    looked_at: asyncio.TimerHandle
    """When it is looked at next whether all the first threads are held up."""

    def __init__(self, call: Callable[[], R]) -> None:
        self._call = call
        self._taken = threading.Lock()
        self.result: Future[R] = Future()

    @property
    def is_taken(self) -> bool:
        return self._taken.locked()

    def take(self) -> bool:
        """Return whether no other thread has taken it."""
        return self._taken.acquire(blocking=False)

    def run(self) -> None:
        if not self.result.set_running_or_notify_cancel():
            return
        try:
            self.result.set_result(self._call())
        except BaseException as fault:  # noqa: BLE001  (the caller gets it)
            self.result.set_exception(fault)
            del self  # its traceback leads here: without this, only a collection would free both
