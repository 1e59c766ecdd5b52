"""Which events of a page have been carried out already, so that a browser may send one twice.

A browser cannot know whether an event without an answer reached anybody before its connection died.
It sends those of the last minute again (redelivery.js), each with its key; whoever of the processes
sees a key first carries the event out, and every later one is dropped.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

from reflex.istate.manager.redis import StateManagerRedis
from reflex_base.event import Event

KEY = "key"
"""In an event's `router_data`: what a browser puts there reaches us as it is."""
KEY_LETTERS = 24
REMEMBERED_SECONDS = 120
"""Longer than a browser sends again."""
_REMEMBERED_MOST = 100_000
_PREFIX = "publicmeeting:event:"


def key_of(event: Event) -> str:
    """Empty for an event that is not sent twice, or whose key no page of ours has made."""
    key = event.router_data.pop(KEY, "")
    is_ours = isinstance(key, str) and key.isascii() and key.isalnum() and len(key) == KEY_LETTERS
    return key if is_ours else ""


class Seen:
    """Keys of the last two minutes: in Redis where states are kept there, else in this process,
    which is then the only one."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._until: OrderedDict[str, float] = OrderedDict()
        """The oldest first."""

    async def is_first(self, manager: object, key: str) -> bool:
        """Whether nobody has asked for this key before; whoever asks next is refused."""
        if isinstance(manager, StateManagerRedis):
            return bool(await manager.redis.set(_PREFIX + key, b"", nx=True, ex=REMEMBERED_SECONDS))
        now = self._now()
        while self._until and (
            next(iter(self._until.values())) <= now or len(self._until) > _REMEMBERED_MOST
        ):
            self._until.popitem(last=False)
        if key in self._until:
            return False
        self._until[key] = now + REMEMBERED_SECONDS
        return True
