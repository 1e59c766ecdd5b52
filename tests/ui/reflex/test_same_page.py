"""A page that reconnects finds its state, even before the server notices the old socket's end.

A state that has made room for another page is deleted.
"""

import asyncio
from typing import Any

import fakeredis
import pytest
import reflex as rx
from reflex import app
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis
from reflex.utils.token_manager import LocalTokenManager, RedisTokenManager, TokenManager

from publicmeeting import publicmeeting
from publicmeeting.ui.reflex.page_states import SamePages, drop

TAB = "a tab"


class Sockets(SamePages):
    """Sockets of one process; `told` collects what it sends to browsers."""

    def __init__(self, manager: TokenManager) -> None:
        self._token_manager = manager
        self._static_router_data = {}
        self._answers = {}
        self.app = Any
        self.told: list[Any] = []

    async def emit(self, _message: str, words: object = None, **_to: object) -> None:
        self.told.append(words)

    async def connects(self, sid: str, was: str | None = None) -> bool:
        """Return whether the tab keeps its token."""
        query = f"token={TAB}" + (f"&was={was}" if was is not None else "")
        self.told.clear()
        await self.link(sid, query)
        return not self.told

    async def link(self, sid: str, query: str) -> None:
        await self.on_connect(sid, {"QUERY_STRING": query.replace(" ", "+")}, {"event": BOOT})

    async def on_event(self, sid: str, data: object) -> None:
        assert (sid, data) == (sid, BOOT)


BOOT = {"name": "boot"}


def shared(server: Any) -> RedisTokenManager:
    manager = RedisTokenManager(server)
    manager._ensure_socket_record_task = lambda: None  # type: ignore[method-assign]
    return manager


async def two_processes() -> tuple[Sockets, Sockets]:
    server = fakeredis.FakeAsyncRedis()
    return Sockets(shared(server)), Sockets(shared(server))


def test_the_page_of_a_killed_process_keeps_its_token_in_another() -> None:
    async def asked() -> list[bool]:
        killed, other = await two_processes()
        return [await killed.connects("one"), await other.connects("two", was="one")]

    assert asyncio.run(asked()) == [True, True]


@pytest.mark.parametrize("was", [None, "", "undefined", "somebody"])
def test_a_copy_of_a_tab_gets_a_token_of_its_own(was: str | None) -> None:
    async def asked() -> list[bool]:
        sockets, other = await two_processes()
        return [await sockets.connects("one"), await other.connects("two", was=was)]

    assert asyncio.run(asked()) == [True, False]


def test_a_telephone_that_changes_its_network_keeps_its_token_within_one_process() -> None:
    async def asked() -> tuple[list[bool], dict[str, str]]:
        sockets = Sockets(LocalTokenManager())
        answers = [await sockets.connects("one"), await sockets.connects("two", was="one")]
        await sockets._token_manager.disconnect_token(TAB, "one")  # the server notices it later
        return answers, sockets._token_manager.sid_to_token

    assert asyncio.run(asked()) == ([True, True], {"two": TAB})


def test_without_redis_a_page_connects_all_the_same() -> None:
    async def asked() -> bool:
        server = fakeredis.FakeAsyncRedis(connected=False)
        return await Sockets(shared(server)).connects("two", was="one")

    assert asyncio.run(asked())


def test_a_state_that_makes_room_is_deleted_unless_another_process_uses_it() -> None:
    async def left() -> list[str]:
        server = fakeredis.FakeAsyncRedis()
        here, other = Sockets(shared(server)), Sockets(shared(server))
        await other.connects("one")
        root = rx.State.get_full_name()
        for token in (TAB, "closed", "another"):
            await server.set(f"{token}_{root}", "state")
        states = StateManagerRedis(redis=server)
        await drop(states, here._token_manager, [TAB, "closed"])
        return [found.decode() for found in await server.keys(f"*_{root}")]

    root = rx.State.get_full_name()
    assert sorted(asyncio.run(left())) == sorted([f"{TAB}_{root}", f"another_{root}"])


def test_without_redis_it_leaves_the_memory_of_the_process() -> None:
    async def left() -> set[str]:
        states = StateManagerMemory()
        for token in ("closed", "another"):
            await states.get_state(rx.BaseStateToken(ident=token, cls=rx.State))
        await drop(states, LocalTokenManager(), ["closed", "unknown"])
        return {token.split("_")[0] for token in states.states}

    assert asyncio.run(left()) == {"another"}


def test_the_app_is_made_with_these_sockets() -> None:
    assert publicmeeting.app
    assert app.EventNamespace is SamePages
