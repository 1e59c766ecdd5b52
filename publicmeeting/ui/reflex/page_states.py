"""How long the state of a page lives: while it is open, however silent, and a while after it.

Reflex forgets a state so many seconds after its last use, which a quiet page has not: whoever
looked at hers in silence would find it empty at the next ring. That setting is the short while
after a page has gone (`live.sockets.TREE_SECONDS`); states of open pages are renewed here.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis

from publicmeeting.live.sockets import Sockets

_RENEWALS = 3
"""In the life of a state."""
_AT_ONCE = 50
"""Pages renewed before others are answered."""
logger = logging.getLogger(__name__)


async def keep_states(app: rx.App, sockets: Sockets) -> None:
    """Until the process ends: renew the states of its open pages, and of officials' closed ones
    who will come back to what they had typed."""
    manager, namespace = app.state_manager, app.event_namespace
    assert isinstance(manager, StateManagerMemory | StateManagerRedis)
    assert namespace is not None
    while True:
        await asyncio.sleep(manager.token_expiration / _RENEWALS)
        tokens = [*namespace.token_to_sid, *sockets.staff_tokens()]
        try:
            await renew(manager, tokens)
        except Exception as fault:  # noqa: BLE001  (Redis is away: at the next turn again)
            logger.warning("states of open pages could not be renewed (%s)", type(fault).__name__)


async def renew(manager: StateManagerMemory | StateManagerRedis, tokens: Sequence[str]) -> None:
    """These states live as long again as after a use; one that is gone stays so."""
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
    """Of a state and all below it, each of which Redis keeps by itself."""
    yield kind.get_full_name()
    for substate in kind.get_substates():
        yield from _names(substate)
