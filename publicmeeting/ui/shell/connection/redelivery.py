"""Events that a browser sends again: each is carried out once, at the address of its button.

A browser cannot know whether an unanswered event reached the server, nor whether the process ended
before its handler was done. It therefore sends the events of the last minute again (redelivery.js),
each with its key. The process that sees a key first claims it, and marks it as done at the end. An
event that is done is not carried out again. If its answer led to another address and the page still
shows the one of the press, the page is led there, because that answer was lost. An event that was
claimed and is not done was claimed by a process that has ended, so it is carried out again. If its
command had been committed, the database has its key (`kit/process/context.py`) and refuses it with
a sentence.

An event that is sent again arrives behind the load of the page that is open by now, which may show
another case with the same state. The event carries its own address. A state that shows one address
at a time remembers which one it has read (`_arrives`). An event from another address is not carried
out with this address's data. What was typed is stored under its own case, and the page says at once
that it was not sent.

Handlers that need only their arguments and the event's address are named in `AT_ANY_ADDRESS`. On
pages where one address shows one case after another (the reception's Monday, the mayor's agenda), a
form contains the code it was opened for.
"""

import asyncio
import hashlib
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx
from reflex.istate.manager.redis import StateManagerRedis
from reflex_base.event import Event

from publicmeeting.kit.process.context import Press
from publicmeeting.text.common import chrome_text
from publicmeeting.ui.reflex.sending import SendingLess
from publicmeeting.ui.reflex.view_model import set_fields
from publicmeeting.ui.reflex.whereabouts import opened
from publicmeeting.ui.shell.act import Answer, Asking, keys
from publicmeeting.ui.shell.connection.trouble import repeat_over_page

KEY = "press"
"""Where an event's `router_data`, which Reflex passes on unchanged, has its key."""
KEY_LETTERS = 24
ANSWERED = "answered"
"""Name of the socket message that tells a browser which key is done, if no update does."""
REMEMBERED_SECONDS = 120
"""How long a key is remembered: longer than a browser sends again."""
_REMEMBERED_MOST = 100_000
_PREFIX = "publicmeeting:event:"
_TAKEN, _DONE = b"taken", b"done"
_OWN_ADDRESS = re.compile(rb"/([!-.0-\[\]-~][!-\[\]-~]*)?")
"""An address of this city: neither //host nor what a browser reads as one."""
_ENDING_SECONDS, _LOOKS = 1.0, 20
"""How long a claimed key may still become done, and how often this is checked.

The page's state is unlocked before the process that held it has marked its event as done.
"""

_log = logging.getLogger(__name__)


def has_key(event: Event) -> bool:
    """Return whether the event is a press of a person."""
    return KEY in event.router_data


def key_of(event: Event) -> str:
    """Remove and return the event's key; "" if it has none or one that no page of ours has made."""
    key = event.router_data.pop(KEY, "")
    is_ours = isinstance(key, str) and key.isascii() and key.isalnum() and len(key) == KEY_LETTERS
    return key if is_ours else ""


@dataclass(frozen=True, slots=True)
class Done:
    """A press that has been carried out."""

    leads_to: str
    """Address to which its answer leads; "" if the page stays."""


class Seen:
    """Keys of the last two minutes: in Redis if states are stored there, else in this only
    process."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._claimed: OrderedDict[str, tuple[float, Press]] = OrderedDict()
        """Key → when to forget it, and its press, oldest first."""
        self._telling: set[asyncio.Task[None]] = set()
        """References to running tasks: the event loop holds its tasks only weakly."""

    async def claim(self, manager: object, pressed: Press) -> Done | None:
        """Claim the key of a press, or return what is known of the press that was carried out.

        Returns None if its event is to be carried out: nobody has, or its process has ended. Call
        it with the page's state locked, so that any other holder is at its end.
        """
        if isinstance(manager, StateManagerRedis):
            return await self._claim_in_redis(manager, pressed.key)
        now = self._now()
        while self._claimed and (
            next(iter(self._claimed.values()))[0] <= now or len(self._claimed) > _REMEMBERED_MOST
        ):
            self._claimed.popitem(last=False)
        if pressed.key in self._claimed:
            _, before = self._claimed[pressed.key]
            return Done(before.leads_to)
        self._claimed[pressed.key] = now + REMEMBERED_SECONDS, pressed
        return None

    async def _claim_in_redis(self, manager: StateManagerRedis, key: str) -> Done | None:
        name = _PREFIX + key
        if await manager.redis.set(name, _TAKEN, nx=True, ex=REMEMBERED_SECONDS):
            return None
        for _ in range(_LOOKS):
            stored = await manager.redis.get(name)
            if stored not in (_TAKEN, None):
                return Done(_own_address(stored.removeprefix(_DONE)))
            await asyncio.sleep(_ENDING_SECONDS / _LOOKS)
        return None

    def answer_when_done(
        self, app: rx.App, manager: object, pressed: Press, token: str, socket_id: str
    ) -> None:
        """When this event's task ends, mark its press as done and tell the browser, which then
        forgets it.

        A cancelled task, as at the end of a process, is not acknowledged.
        """
        task = asyncio.current_task()
        assert task is not None

        def end(ended: "asyncio.Task[object]") -> None:
            done = None if ended.cancelled() else pressed
            telling = asyncio.create_task(_tell(app, manager, done, token, socket_id, ended))
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)

        task.add_done_callback(end)


def _own_address(stored: bytes) -> str:
    """Return a stored address; "" for one that whoever writes to Redis has put there."""
    return stored.decode() if _OWN_ADDRESS.fullmatch(stored) else ""


async def _tell(
    app: rx.App,
    manager: object,
    pressed: Press | None,
    token: str,
    socket_id: str,
    ended: "asyncio.Task[object]",
) -> None:
    namespace, key = app.event_namespace, pressed.key if pressed else ""
    # She need not wait for Redis: a page that has its answer does not send the press again.
    is_told = isinstance(namespace, SendingLess) and await namespace.send_answer(token, ended, key)
    if pressed is None:
        return
    if isinstance(manager, StateManagerRedis):
        done = _DONE + pressed.leads_to.encode()
        try:
            await manager.redis.set(_PREFIX + key, done, ex=REMEMBERED_SECONDS)
        except Exception:  # noqa: BLE001  (the database refuses a repetition)
            _log.warning("could not note that a press is done", exc_info=True)
    if namespace is not None and not is_told:
        with suppress(KeyError):  # the socket is gone
            await namespace.emit(ANSWERED, key, to=socket_id)


_LOAD = "load"


class Addressed(Asking, mixin=True):
    """Mixin for a page whose state shows the case of one address at a time."""

    AT_ANY_ADDRESS: ClassVar[frozenset[str]] = frozenset()
    """Handlers that are carried out for the address of their own event."""
    LOSES_NOTHING: ClassVar[frozenset[str]] = frozenset()
    """Handlers whose late press is dropped without a message."""
    NOT_SENT: ClassVar[str] = chrome_text.NOT_SENT
    _shown_at: str | None = None
    """The subject of the address for which this state was last read; None before the first time."""
    _opened: tuple[int, str] = (0, "")

    def _subject(self) -> str:
        """Return the case that the event's address names. Must not change anything."""
        return str(self.router.url.path).strip("/")

    async def _arrives(self) -> bool:
        """Note that the page is read for this event's address; call it in `load`.

        Returns whether the page was opened, and not only read again by the session that saw it
        before.
        """
        self._shown_at = self._subject()
        # A person who signs in at this tab must not find what was shown to the person before.
        mark = hashlib.sha256(keys(self).session.encode()).hexdigest()[:16]
        before, self._opened = self._opened, (await opened(self), mark)
        return before != self._opened

    async def _opens(self, forget: Callable[[], None]) -> bool:
        """Reset a page whose form is previewed before it is sent; return whether it was opened.

        If the page is opened, `forget` removes what an earlier visit left. If it is only read
        again, what was previewed can still be sent. Call it in `load`.
        """
        is_opened = await self._arrives()
        if is_opened:
            self.errors, self.refused, self.done = {}, "", ""
            forget()
        return is_opened

    def _restore_answer(self, answer: Answer) -> None:
        """Restore the answer that was shown before the page was read again: the browser may not
        have got it."""
        if not (self.refused or self.signed_out or self.missing):
            fields = {"errors": answer.errors, "refused": answer.refused, "done": answer.done}
            set_fields(self, "answer", **fields)

    def _keep_typed(self, handler: str, payload: Mapping[str, Any]) -> bool:
        """Store what was typed in a press that comes too late; return whether there was
        anything."""
        del handler, payload
        return False

    async def _report_not_sent(self, *, is_stored: bool = False) -> None:
        """Report that a press was not sent, on the page and in the line over it.

        The line is needed because the head of the page may be out of view.
        """
        added = f" {chrome_text.WRITING_STORED}" if is_stored else ""
        self.refused, self.done = f"{self.NOT_SENT}{added}", ""
        await repeat_over_page(self.refused)


async def comes_too_late(state: Asking, handler: str, payload: Mapping[str, Any]) -> bool:
    """Return whether this event must not be carried out because its state shows another address by
    now.

    In that case what was typed has been stored and the page has been told.
    """
    if not isinstance(state, Addressed) or handler == _LOAD or handler in state.AT_ANY_ADDRESS:
        return False
    if state._shown_at in (None, state._subject()):  # noqa: SLF001 (a page's own, sent to no browser)
        return False
    is_stored = state._keep_typed(handler, payload)  # noqa: SLF001
    if is_stored or handler not in state.LOSES_NOTHING:
        await state._report_not_sent(is_stored=is_stored)  # noqa: SLF001
    return True
