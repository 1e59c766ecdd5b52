"""A stranger floods handlers by raw sockets: each runs once, ends with him, and logs little."""

import asyncio
import json
import secrets
import socket
import struct
import time
import urllib.request
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from contract.surface import handlers
from support.open_page import OpenPage
from support.served_city import Served
from support.small_town import small_town

from publicmeeting.ui.citizen.home import HomeState
from publicmeeting.ui.citizen.request.state import BookingState

SOCKETS, CALLS = 10, 60
"""The rate limit lets this many calls of each socket pass without waiting."""
WATCH = f"{HomeState.get_full_name()}.watch"
FIND = f"{BookingState.get_full_name()}.find"
BESIDE = [
    handler.full_name
    for handler in handlers()
    if handler.state.event_handlers[handler.name].is_background
]
"""Handlers in the background; computed at import, because Reflex knows its states only in the
thread that imported them."""
LINE_BYTES = 2048
PATIENCE, BREATH = 60.0, 0.1
ROOT = "reflex___state____state"


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with small_town(tmp_path_factory.mktemp("town")) as served:
        yield served


def in_a_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """Run work in another thread, because the browser tests run an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def figure(served: Served, name: str) -> float:
    with urllib.request.urlopen(f"{served.origin}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    return next(
        float(line.split()[1]) for line in lines if line.startswith(f"publicmeeting_{name} ")
    )


async def open_page(served: Served) -> OpenPage:
    page = await OpenPage.open(served.origin, "/", token=secrets.token_hex(16))
    await page.next_update(0, PATIENCE)
    await page.settle()
    return page


async def comes_down_to(served: Served, name: str, most: float) -> float:
    """Wait until a figure is at most `most`, or patience ends; return it."""
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE
    while (found := await asyncio.to_thread(figure, served, name)) > most:
        if loop.time() > until:
            break
        await asyncio.sleep(BREATH)
    return found


async def flood(served: Served, *names: str) -> tuple[float, float, float]:
    """Return the number of page tasks before the calls, during them, and after the sockets end."""
    before = await comes_down_to(served, "page_tasks", 0)
    pages = [await open_page(served) for _ in range(SOCKETS)]
    for page in pages:
        for call in range(CALLS):
            await page.call(names[call % len(names)], {})
    for page in pages:
        await page.settle()
    during = await asyncio.to_thread(figure, served, "page_tasks")
    for page in pages:
        await page.close()
    return before, during, await comes_down_to(served, "page_tasks", before)


def test_600_calls_of_one_handler_are_one_of_it_on_each_page_and_none_afterwards(
    flooded: Served,
) -> None:
    listened = figure(flooded, "open_pages")
    before, during, after = in_a_loop(flood(flooded, WATCH))
    assert during - before <= 2 * SOCKETS  # one task of each socket, and one of its demo bar
    assert after == before
    assert in_a_loop(comes_down_to(flooded, "open_pages", listened)) == listened


def test_each_of_all_of_them_runs_once_and_ends_with_its_page(flooded: Served) -> None:
    before, during, after = in_a_loop(flood(flooded, *BESIDE))
    assert during - before <= SOCKETS * len(BESIDE)
    assert after == before


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        (FIND, {"typed": ["a list"]}),
        (FIND, {"typed": "x\n2026-11-26 09:00:00 CRITICAL \x1b[2J forged " + "y" * 60_000}),
        ("nothing.of_the_kind", {"query": "x\n2026-11-26 09:00:00 CRITICAL forged"}),
    ],
    ids=["wrong type", "too long", "unknown"],
)
def test_what_is_wrong_leaves_few_lines_and_forges_none(
    flooded: Served, name: str, payload: dict[str, object]
) -> None:
    before = len(flooded.log.read_bytes())

    async def send() -> None:
        page = await open_page(flooded)
        for _ in range(CALLS):
            await page.call(name, payload)
        await page.settle()
        await page.close()

    in_a_loop(send())
    written = flooded.log.read_bytes()[before:]
    lines = written.splitlines()
    assert len(lines) <= 15
    assert all(len(line) <= LINE_BYTES for line in lines)
    assert not [line for line in lines if line.startswith(b"2026-11-26 09:00:00")]
    assert b"\x1b" not in written
    assert json.dumps(payload)[:200].encode() not in written


def framed(text: str) -> bytes:
    """Return a message as a browser frames it; a mask of zeros changes nothing."""
    data = text.encode()
    many = len(data) > 125
    size = struct.pack(">BH", 0x80 | 126, len(data)) if many else bytes([0x80 | len(data)])
    return b"\x81" + size + bytes(4) + data


def test_whoever_asks_for_his_page_again_and_reads_nothing_is_closed(flooded: Served) -> None:
    """The server stores what he leaves unread; his answers to pings come blindly."""
    there = urlsplit(flooded.origin)
    where = {"pathname": "/rules/", "asPath": "/rules/", "query": {}}
    asks = {"name": f"{ROOT}.hydrate_and_load", "payload": {}, "router_data": where}
    with socket.socket() as deaf, suppress(ConnectionError):
        deaf.settimeout(PATIENCE)
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect((there.hostname, there.port))
        deaf.sendall(
            f"GET /_event/?token={secrets.token_hex(16)}&EIO=4&transport=websocket HTTP/1.1\r\n"
            f"Host: {there.netloc}\r\nOrigin: {flooded.origin}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        assert b" 101 " in deaf.recv(256)
        deaf.sendall(framed(f"40/_event,{json.dumps({'event': asks})}"))
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            deaf.sendall(framed(f"42/_event,{json.dumps(['event', asks])}") + framed("3"))
        pytest.fail("he still has his socket")
