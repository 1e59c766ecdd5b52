"""What a browser is answered when a press has been carried out, and what becomes of one sent again.

A browser cannot know whether an event without an answer reached anybody, nor whether its process
died before the handler was done. It sends those of the last minute again (redelivery.js), each with
its key. Whoever of the processes sees a key first claims it and says at the end that it is done;
what is done is dropped. What was claimed and not done was claimed by a process that is gone, and is
carried out anew: a command that had been committed finds its name in the database (`kit.press`) and
is refused in words.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress

import reflex as rx
from reflex.istate.manager.redis import StateManagerRedis
from reflex_base.event import Event

KEY = "key"
"""In an event's `router_data`: what a browser puts there reaches us as it is."""
KEY_LETTERS = 24
ANSWERED = "answered"
"""The message of the socket by which a browser is told a key that is done."""
REMEMBERED_SECONDS = 120
"""Longer than a browser sends again."""
_REMEMBERED_MOST = 100_000
_PREFIX = "publicmeeting:event:"
_TAKEN, _DONE = b"taken", b"done"
_ENDING_SECONDS, _LOOKS = 1.0, 20
"""The page's state is free before the one who had it has said that it is done: so long after that
he may still say it."""

_log = logging.getLogger(__name__)


def key_of(event: Event) -> str:
    """Empty for an event that is not sent twice, or whose key no page of ours has made."""
    key = event.router_data.pop(KEY, "")
    is_ours = isinstance(key, str) and key.isascii() and key.isalnum() and len(key) == KEY_LETTERS
    return key if is_ours else ""


class Seen:
    """Keys of the last two minutes: in Redis where states are stored there, else in this process,
    which is then the only one."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._until: OrderedDict[str, float] = OrderedDict()
        """The oldest first."""
        self._telling: set[asyncio.Task[None]] = set()
        """Held here until they are done: a loop knows its tasks only weakly."""

    async def claim(self, manager: object, key: str) -> bool:
        """Whether this event is to be carried out: nobody has done so, or whoever began is gone.

        Asked while the page's state is held, so that whoever else had it is at its end.
        """
        if isinstance(manager, StateManagerRedis):
            return await self._claim_in_redis(manager, key)
        now = self._now()
        while self._until and (
            next(iter(self._until.values())) <= now or len(self._until) > _REMEMBERED_MOST
        ):
            self._until.popitem(last=False)
        if key in self._until:
            return False
        self._until[key] = now + REMEMBERED_SECONDS
        return True

    async def _claim_in_redis(self, manager: StateManagerRedis, key: str) -> bool:
        name = _PREFIX + key
        if await manager.redis.set(name, _TAKEN, nx=True, ex=REMEMBERED_SECONDS):
            return True
        for _ in range(_LOOKS):
            # Of a program before this one a claim was empty, and stood for what is done.
            if await manager.redis.get(name) not in (_TAKEN, None):
                return False
            await asyncio.sleep(_ENDING_SECONDS / _LOOKS)
        return True

    def answer_when_done(self, app: rx.App, manager: object, key: str, socket_id: str) -> None:
        """When the event of this task is at its end, note that its press is done and tell its
        browser, which forgets it then.

        A task that is broken off, as at the end of a process, is not answered.
        """
        task = asyncio.current_task()
        assert task is not None

        def end(ended: "asyncio.Task[object]") -> None:
            if ended.cancelled():
                return
            telling = asyncio.create_task(_tell(app, manager, key, socket_id))
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)

        task.add_done_callback(end)


async def _tell(app: rx.App, manager: object, key: str, socket_id: str) -> None:
    if isinstance(manager, StateManagerRedis):
        try:
            await manager.redis.set(_PREFIX + key, _DONE, ex=REMEMBERED_SECONDS)
        except Exception:  # noqa: BLE001  (what is sent again is refused by the database then)
            _log.warning("could not note that a press is done", exc_info=True)
    namespace = app.event_namespace
    if namespace is not None:
        with suppress(KeyError):  # the socket is gone
            await namespace.emit(ANSWERED, key, to=socket_id)
