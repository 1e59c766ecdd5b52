"""Server side of redelivery: acknowledge an event that was carried out, and drop one that is sent
again.

A browser cannot know whether an unanswered event reached the server, nor whether the process ended
before its handler was done. It therefore sends the events of the last minute again (redelivery.js),
each with its key. The process that sees a key first claims it, and marks it as done at the end. An
event that is done is dropped. An event that was claimed and is not done was claimed by a process
that has ended, so it is carried out again. If its command had been committed, the database has its
key (`kit/process/context.py`) and refuses it with a sentence.
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

from publicmeeting.ui.reflex.sending import SendingLess

KEY, FORMER_KEY = "press", "key"
"""Where an event's `router_data`, which Reflex passes on unchanged, has its key.

A page of an earlier release has it in the second, and awaits `ANSWERED` as a message of its own.
"""
KEY_LETTERS = 24
ANSWERED = "answered"
"""Name of the socket message that tells a browser which key is done, if no update does."""
REMEMBERED_SECONDS = 120
"""How long a key is remembered: longer than a browser sends again."""
_REMEMBERED_MOST = 100_000
_PREFIX = "publicmeeting:event:"
_TAKEN, _DONE = b"taken", b"done"
_ENDING_SECONDS, _LOOKS = 1.0, 20
"""How long a claimed key may still become done, and how often this is checked.

The page's state is unlocked before the process that held it has marked its event as done.
"""

_log = logging.getLogger(__name__)


def has_key(event: Event) -> bool:
    """Return whether the event is a press of a person."""
    return KEY in event.router_data or FORMER_KEY in event.router_data


def key_of(event: Event) -> str:
    """Remove and return the event's key; "" if it has none or one that no page of ours has made."""
    former = event.router_data.pop(FORMER_KEY, "")
    key = event.router_data.pop(KEY, former)
    is_ours = isinstance(key, str) and key.isascii() and key.isalnum() and len(key) == KEY_LETTERS
    return key if is_ours else ""


class Seen:
    """Keys of the last two minutes: in Redis if states are stored there, else in this only
    process."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._until: OrderedDict[str, float] = OrderedDict()
        """Key → when to forget it, oldest first."""
        self._telling: set[asyncio.Task[None]] = set()
        """References to running tasks: the event loop holds its tasks only weakly."""

    async def claim(self, manager: object, key: str) -> bool:
        """Claim a key. Return whether to carry out its event: nobody has, or its process has ended.

        Call it with the page's state locked, so that any other holder is at its end.
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
            # An earlier release stored an empty claim, and treated it as done.
            if await manager.redis.get(name) not in (_TAKEN, None):
                return False
            await asyncio.sleep(_ENDING_SECONDS / _LOOKS)
        return True

    def answer_when_done(
        self, app: rx.App, manager: object, key: str, token: str, socket_id: str
    ) -> None:
        """When this event's task ends, mark its key as done and tell the browser, which then
        forgets it.

        A cancelled task, as at the end of a process, is not acknowledged.
        """
        task = asyncio.current_task()
        assert task is not None

        def end(ended: "asyncio.Task[object]") -> None:
            done = "" if ended.cancelled() else key
            telling = asyncio.create_task(_tell(app, manager, done, token, socket_id, ended))
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)

        task.add_done_callback(end)


async def _tell(
    app: rx.App,
    manager: object,
    key: str,
    token: str,
    socket_id: str,
    ended: "asyncio.Task[object]",
) -> None:
    namespace = app.event_namespace
    # She need not wait for Redis: a page that has its answer does not send the press again.
    is_told = isinstance(namespace, SendingLess) and await namespace.send_answer(token, ended, key)
    if not key:
        return
    if isinstance(manager, StateManagerRedis):
        try:
            await manager.redis.set(_PREFIX + key, _DONE, ex=REMEMBERED_SECONDS)
        except Exception:  # noqa: BLE001  (the database refuses a repetition)
            _log.warning("could not note that a press is done", exc_info=True)
    if namespace is not None and not is_told:
        with suppress(KeyError):  # the socket is gone
            await namespace.emit(ANSWERED, key, to=socket_id)
