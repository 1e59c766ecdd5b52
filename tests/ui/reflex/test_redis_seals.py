"""Whoever reaches Redis runs no program in the city's processes, and reads no page."""

import asyncio
import pickle
from collections.abc import Awaitable, Callable
from typing import Any

import fakeredis
import pytest
import reflex as rx
from reflex.istate.manager import redis
from reflex.state import StateUpdate
from reflex.utils import prerequisites
from reflex.utils.token_manager import RedisTokenManager

from publicmeeting import publicmeeting
from publicmeeting.store.database.vault import Vault
from publicmeeting.ui.reflex import redis_seals
from publicmeeting.ui.reflex.redis_batches import RedisInBatches
from publicmeeting.ui.reflex.redis_locks import LocksGivenBack

A_WHILE = 5.0
WORDS = "پل عابر خراب است"
ran: list[str] = []


class Page(rx.State):
    """State of a page on which somebody writes."""

    note: str = ""


HERS, HIS = (rx.BaseStateToken(ident=name, cls=Page) for name in ("hers", "his"))


def run_this(word: str) -> str:
    ran.append(word)
    return word


class Poisoned:
    """A pickle of it runs a program of its writer in whoever reads it."""

    def __reduce__(self) -> tuple[Callable[[str], str], tuple[str]]:
        return run_this, ("ran",)


@pytest.fixture(autouse=True)
def _nothing_ran() -> None:
    ran.clear()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Any], Awaitable[None]]], None]:
    """`run(check)` calls it with the client that the city's pages get."""
    assert publicmeeting.app is not None
    monkeypatch.setattr(redis_seals, "_get_redis", fakeredis.FakeAsyncRedis)

    def all_of_it(check: Callable[[Any], Awaitable[None]]) -> None:
        async def within() -> None:
            client: Any = prerequisites.get_redis()
            vault = Vault(b"\x5a" * 32)
            monkeypatch.setattr(type(client), "seals", lambda _client: vault)
            async with asyncio.timeout(A_WHILE):
                await check(client)
            await client.aclose()

        asyncio.run(within())

    return all_of_it


async def states(client: Any) -> Any:
    """Return the city's state manager, with a note that she has written in Redis."""
    manager: Any = redis.StateManagerRedis(redis=client)
    page = await manager.get_state(HERS, top_level=False)
    page.note = WORDS
    page._was_touched = True
    await manager.set_state(HERS, page)
    return manager


def test_a_page_reads_what_it_has_stored_and_nobody_else_does(run) -> None:
    async def check(client: Any) -> None:
        manager = await states(client)
        assert (await manager.get_state(HERS, top_level=False)).note == WORDS
        raw = await fakeredis.FakeAsyncRedis(connection_pool=client.connection_pool).get(str(HERS))
        assert raw
        assert WORDS.encode() not in raw
        assert isinstance(manager, LocksGivenBack)
        assert isinstance(client, RedisInBatches)

    run(check)


def test_a_stored_state_that_the_city_did_not_write_runs_nothing(run) -> None:
    async def check(client: Any) -> None:
        manager = await states(client)
        await client.set(str(HERS), pickle.dumps(Poisoned()))
        assert (await manager.get_state(HERS, top_level=False)).note == ""
        assert not ran

    run(check)


def test_the_state_of_her_page_is_not_led_to_another_page(run) -> None:
    async def check(client: Any) -> None:
        manager = await states(client)
        await client.copy(str(HERS), str(HIS))
        assert (await manager.get_state(HIS, top_level=False)).note == ""

    run(check)


def test_where_a_socket_is_was_written_by_the_city_for_this_page(run) -> None:
    async def check(client: Any) -> None:
        one, other = RedisTokenManager(client), RedisTokenManager(client)
        await one.link_token_to_sid("hers", "socket")
        assert await other.is_token_connected("hers")
        key, led = (other._get_redis_key(name) for name in ("hers", "his"))
        await client.copy(key, led)
        assert not await other.is_token_connected("his")
        await fakeredis.FakeAsyncRedis(connection_pool=client.connection_pool).set(
            led, pickle.dumps(Poisoned())
        )
        assert not await other.is_token_connected("his")
        assert not ran
        await one.close()
        await other.close()

    run(check)


def test_a_page_gets_only_updates_that_the_city_has_sent(run) -> None:
    async def check(client: Any) -> None:
        one, other = RedisTokenManager(client), RedisTokenManager(client)
        got: asyncio.Queue[str] = asyncio.Queue()

        async def emit(update: StateUpdate, token: str) -> None:
            await got.put(f"{token} {update.delta['page']['note']}")

        await one.link_token_to_sid("hers", "socket")
        one.ensure_lost_and_found_task(emit)
        channel = f"channel:{one._get_lost_and_found_key(one.instance_id)}"
        outside = fakeredis.FakeAsyncRedis(connection_pool=client.connection_pool)
        while not await outside.publish(channel, pickle.dumps(Poisoned())):  # noqa: ASYNC110
            await asyncio.sleep(0)  # nothing announces that it listens
        update = StateUpdate(delta={"page": {"note": WORDS}})
        assert await other.emit_lost_and_found("hers", update)
        assert await got.get() == f"hers {WORDS}"
        assert got.empty()
        assert not ran
        await one.close()
        await other.close()

    run(check)
