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
from functools import partial

MOST = 4
"""Events of one address or owner at once: few beside those of others, and enough to keep the
process busy if nobody else asks for anything."""
HELD_SECONDS = 0.1
"""How long an event keeps its place, in seconds, unless it ends before. One that waits for a part
of the service, or that no page sends, keeps nobody behind the same address waiting longer."""


class Place:
    """Place of one event; it comes back after `HELD_SECONDS`, or as soon as it is given back."""

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
    """Places of one process, for each address or owner. All calls come from the event loop."""

    def __init__(self, most: int = MOST, seconds: float = HELD_SECONDS) -> None:
        self._most, self._seconds = most, seconds
        self._taken: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    async def take(self, group: str) -> Place:
        """Wait for a place of this group, first come, first served."""
        free = self.free(group)
        if free is not None:
            return free
        await self._wait(group)
        return self._place(group)

    def free(self, group: str) -> Place | None:
        """Return a place of this group if it need not wait for one, which is nearly always so."""
        if self._taken[group] >= self._most:
            return None
        self._taken[group] += 1
        return self._place(group)

    def _place(self, group: str) -> Place:
        return Place(partial(self._give_back, group), self._seconds)

    async def _wait(self, group: str) -> None:
        place = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(group, deque()).append(place)
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():  # it was handed over in the same moment
                self._give_back(group)
            raise

    def _give_back(self, group: str) -> None:
        waiting = self._waiting.get(group, deque())
        while waiting:
            place = waiting.popleft()
            if not waiting:
                del self._waiting[group]
            if not place.done():
                place.set_result(None)
                return
        self._taken[group] -= 1
        if not self._taken[group]:
            del self._taken[group]
