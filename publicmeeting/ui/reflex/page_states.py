"""Renewal of page states: a state lives as long as its page is open, even if quiet, and a short
time after.

Reflex deletes a state a fixed number of seconds after its last use. A page that only shows
something does not use its state, so a reader would lose it at the next update. That setting is here
the short time after a page has closed (`live.sockets.TREE_SECONDS`); this module renews the states
of open pages.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis

from publicmeeting.live.sockets import Sockets

_RENEWALS = 3
"""How many times a state is renewed in its lifetime."""
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
