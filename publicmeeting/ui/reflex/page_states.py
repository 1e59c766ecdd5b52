"""Page states that outlive what Reflex would end: while a page is quiet, and when it reconnects.

Reflex deletes a state a fixed number of seconds after its last use. A page that only shows
something does not use its state, so a reader would lose it at the next update. That setting is here
the short time after a page has closed (`live.sockets.TREE_SECONDS`); `keep_states` renews the
states of open pages.

Two tabs may send the same token, because a browser copies the token with a tab. Reflex then gives
the second one another token and an empty state. But a page may also reconnect before the server
knows that its old socket is gone: its process was killed, or the telephone changed networks. Such a
page sends the id of its old socket (`bundle.names_its_socket`), which a copied tab does not know.
`SamePages` then lets it keep its state.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qsl

import reflex as rx
from reflex import app as app_module
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis
from reflex.utils.token_manager import RedisTokenManager, SocketRecord, TokenManager

from publicmeeting.live.sockets import Sockets
from publicmeeting.ui.reflex.sending import SendingLess

_RENEWALS = 3
"""How many times a state is renewed in its lifetime."""
_DROPPING_SECONDS = 1.0
_AT_ONCE = 50
"""How many pages are renewed before the event loop serves others."""
logger = logging.getLogger(__name__)


async def keep_states(app: rx.App, sockets: Sockets) -> None:
    """Renew the states of open pages until the process ends.

    Also renew those of officials' pages that closed a short while ago, so that they find what they
    had typed when they come back.
    """
    manager, namespace = app.state_manager, app.event_namespace
    assert isinstance(manager, StateManagerMemory | StateManagerRedis)
    assert namespace is not None
    while True:
        await asyncio.sleep(manager.token_expiration / _RENEWALS)
        tokens = [*namespace.token_to_sid, *sockets.staff_tokens()]
        try:
            await renew(manager, tokens)
        except Exception as fault:  # noqa: BLE001  (Redis fails: the next round tries again)
            logger.warning("states of open pages could not be renewed (%s)", type(fault).__name__)


async def drop_states(app: rx.App, sockets: Sockets) -> None:
    """Delete the states of pages that have made room for others, until the process ends."""
    manager, namespace = app.state_manager, app.event_namespace
    assert isinstance(manager, StateManagerMemory | StateManagerRedis)
    assert namespace is not None
    while True:
        await asyncio.sleep(_DROPPING_SECONDS)
        try:
            await drop(manager, namespace._token_manager, sockets.take_dropped())  # noqa: SLF001
        except Exception as fault:  # noqa: BLE001  (Redis fails: it drops them by their age)
            logger.warning("states of closed pages could not be dropped (%s)", type(fault).__name__)


async def drop(
    manager: StateManagerMemory | StateManagerRedis, open_ones: TokenManager, tokens: Sequence[str]
) -> None:
    """Delete these states, except those that a socket of another process uses meanwhile."""
    for token in tokens:
        if isinstance(manager, StateManagerMemory):
            manager._purge_token(rx.BaseStateToken(ident=token, cls=rx.State))  # noqa: SLF001
        elif await _socket_of(open_ones, token) is None:
            await manager.redis.unlink(*(f"{token}_{name}" for name in _names(rx.State)))


async def renew(manager: StateManagerMemory | StateManagerRedis, tokens: Sequence[str]) -> None:
    """Extend the lifetime of these states as a use would. A state that no longer exists is not
    recreated."""
    for at in range(0, len(tokens), _AT_ONCE):
        some = tokens[at : at + _AT_ONCE]
        if isinstance(manager, StateManagerMemory):
            for token in some:
                if token in manager.states:
                    await manager.get_state(rx.BaseStateToken(ident=token, cls=rx.State))
            await asyncio.sleep(0)
        else:
            pipeline = manager.redis.pipeline(transaction=False)
            for name in _names(rx.State):
                for token in some:
                    pipeline.expire(f"{token}_{name}", manager.token_expiration)
            await pipeline.execute()


def _names(kind: type[rx.state.BaseState]) -> Iterator[str]:
    """Yield the names of a state and of all its substates, each of which has its own key in
    Redis."""
    yield kind.get_full_name()
    for substate in kind.get_substates():
        yield from _names(substate)


_TOKEN, _WAS = "token", "was"


class SamePages(SendingLess):
    """Socket namespace in place of Reflex's own."""

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        query = dict(parse_qsl(environ.get("QUERY_STRING", "")))
        if was := query.get(_WAS):
            try:
                await take_over(self._token_manager, query.get(_TOKEN, ""), was, sid)
            except Exception as fault:  # noqa: BLE001  (Redis fails: Reflex continues without it)
                logger.warning("a page could not take over its state (%s)", type(fault).__name__)
        await super().on_connect(sid, environ, auth)


async def take_over(manager: TokenManager, token: str, was: str, sid: str) -> None:
    """Assign the token to the new socket `sid`, if the token's socket is still `was`."""
    shared = manager if isinstance(manager, RedisTokenManager) else None
    record = await _socket_of(manager, token)
    if record is None or record.sid != was:
        return
    manager.sid_to_token.pop(was, None)
    record = SocketRecord(instance_id=manager.instance_id, sid=sid)
    # Reflex then finds the token linked already.
    manager.token_to_socket[token], manager.sid_to_token[sid] = record, token
    if shared:
        shared._ensure_socket_record_task()  # noqa: SLF001
        await shared._store_socket_record(token, record)  # noqa: SLF001


async def _socket_of(manager: TokenManager, token: str) -> SocketRecord | None:
    """Return the socket that uses a token, with Redis of any process."""
    if isinstance(manager, RedisTokenManager):
        return await manager._fetch_socket_record(token)  # noqa: SLF001  (as Reflex's own)
    return manager.token_to_socket.get(token)


def keep_same_pages() -> None:
    """Replace Reflex's namespace. Call it before the app is created, which makes its namespace."""
    app_module.EventNamespace = SamePages
