"""How many events of one address, or of one owner, a process carries out at once.

A process carries out the events of all pages side by side, so whoever has most of them under way
has most of the process. Somebody with twenty busy sockets made everybody else wait twenty times as
long. Here the events of one address or owner wait for each other, and not for those of others.

They wait before they are read, so that what is sent faster than it can be carried out stays with
its sender and takes no memory of the process.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from threading import Lock

MOST = 4
"""Events of one address or owner at once: few beside those of others, and enough to keep the
process busy if nobody else asks for anything."""
HELD_SECONDS = 0.1
"""How long an event keeps its place, in seconds, unless it ends before. One that waits for a part
of the service, or that no page sends, keeps nobody behind the same address waiting longer."""


class Place:
    """Place of one event; it comes back after `HELD_SECONDS`, or as soon as it is returned."""

    def __init__(self, give_back: Callable[[], None], seconds: float) -> None:
        self.is_back = False
        self._give_back = give_back
        self._loop = asyncio.get_running_loop()
        self._later = self._loop.call_later(seconds, self.give_back)

    def give_back(self) -> None:
        """Give it to the next of the group, after whatever others have begun meanwhile.

        Otherwise a hundred requests that wait for nothing would follow one another at once.
        """
        if not self.is_back:
            self.is_back = True
            self._later.cancel()
            self._loop.call_soon(self._give_back)


class AtOnce:
    """Places of one process, for each address or owner.

    Calls may come from the event loops of several threads.
    """

    def __init__(self, most: int = MOST, seconds: float = HELD_SECONDS) -> None:
        self._most, self._seconds = most, seconds
        self._lock = Lock()
        self._taken: Counter[str] = Counter()
        self._waiting: dict[str, deque[Future[None]]] = {}

    async def take(self, group: str) -> Place:
        """Wait for a place of this group, first come, first served."""
        with self._lock:
            waits = self._wait(group)
        if waits is not None:
            try:
                await asyncio.wrap_future(waits)
            except asyncio.CancelledError:
                if not waits.cancelled():  # it was handed over in the same moment
                    self._give_back(group)
                raise
        return self._place(group)

    def free(self, group: str) -> Place | None:
        """Return a place of this group if it need not wait for one, which is nearly always so."""
        with self._lock:
            return self._place(group) if self._takes(group) else None

    def _place(self, group: str) -> Place:
        return Place(partial(self._give_back, group), self._seconds)

    def _takes(self, group: str) -> bool:
        is_free = self._taken[group] < self._most
        self._taken[group] += is_free
        return is_free

    def _wait(self, group: str) -> Future[None] | None:
        if self._takes(group):
            return None
        waits = Future[None]()
        self._waiting.setdefault(group, deque()).append(waits)
        return waits

    def _give_back(self, group: str) -> None:
        with self._lock:
            waiting = self._waiting.get(group, deque())
            while waiting:
                first = waiting.popleft()
                if not waiting:
                    del self._waiting[group]
                if first.set_running_or_notify_cancel():
                    first.set_result(None)
                    return
            self._taken[group] -= 1
            if not self._taken[group]:
                del self._taken[group]
