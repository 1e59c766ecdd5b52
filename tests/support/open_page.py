"""The socket of a page without a browser, for benches with hundreds of pages and for attacks."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from simple_websocket import AioClient, ConnectionClosed

from publicmeeting.ui.reflex.bundle import SHOWN
from publicmeeting.ui.shell.connection.redelivery import ANSWERED, KEY, KEY_LETTERS

_NAMESPACE = "/_event"
_LARGEST_READ = 65536
_ROOT = "reflex___state____state"
_HYDRATE = f"{_ROOT}.hydrate_and_load"
_NAVIGATE = f"{_ROOT}.reflex___state____on_load_internal_state.on_load_internal"
_REDIRECT = "_redirect"
# The first characters of messages of Engine.IO and Socket.IO.
_PING, _PONG = "2", "3"
_CONNECT, _MESSAGE = f"40{_NAMESPACE},", f"42{_NAMESPACE},"


@dataclass(frozen=True, slots=True)
class Update:
    """One message of the server: when it came, its size in bytes, and its content."""

    at: float
    size: int
    body: Any

    @property
    def is_loaded(self) -> bool:
        """Return whether this message ends the loading of a page."""
        return self.changes(_ROOT).get("is_hydrated_rx_state_") is True

    @property
    def leads_to(self) -> str | None:
        """Return the address to which this message sends the page, or None."""
        events = self.body[1].get("events") or ()
        return next(
            (event["payload"]["path"] for event in events if event["name"] == _REDIRECT), None
        )

    @property
    def is_shown_there(self) -> bool:
        """Return whether the page already shows what belongs to that address and loads nothing."""
        events = self.body[1].get("events") or ()
        return any(event["payload"].get(SHOWN) for event in events if event["name"] == _REDIRECT)

    def changes(self, state: str) -> Mapping[str, Any]:
        """Return the changes of one state, by the state's full name."""
        changed: Mapping[str, Any] = (self.body[1].get("delta") or {}).get(state, {})
        return changed


class OpenPage:
    """One open page.

    `updates` collects the server's messages. `unanswered` holds the keys of presses until the
    server says that they are done.
    """

    def __init__(self, socket: AioClient, path: str, query: Mapping[str, str]) -> None:
        self.updates: list[Update] = []
        self.unanswered: set[str] = set()
        self.closed = False
        self._socket = socket
        self._path = path
        self._query = dict(query)
        self._came = asyncio.Event()
        self._reader = asyncio.create_task(self._listen())

    @classmethod
    async def open(
        cls,
        origin: str,
        path: str,
        *,
        token: str,
        cookies: str = "",
        browser: Mapping[str, str] = MappingProxyType({}),
        holds: Sequence[str] = (),
        **route: str,
    ) -> "OpenPage":
        """Connect and ask for the page, as a browser does; `route` fills a dynamic route.

        `token` names the tab, `browser` are its headers. `holds` are the hashes of the defaults
        that came with the page's scripts; without them the server sends the whole state, as it does
        after a lost connection. Raises `OSError` if the server refuses.
        """
        parts = urlsplit(origin)
        url = f"ws://{parts.netloc}/_event/?token={token}&EIO=4&transport=websocket"
        headers = {"Origin": origin, **browser, **({"Cookie": cookies} if cookies else {})}
        socket = await AioClient.connect(url, headers=headers, receive_bytes=_LARGEST_READ)
        page = cls(socket, path, {**_query(path), **route})
        payload = {"hashes": list(holds)} if holds else {}
        hello = {"event": {"name": _HYDRATE, "payload": payload, "router_data": page._where()}}
        await socket.send(f"{_CONNECT}{json.dumps(hello)}")
        return page

    async def call(self, handler: str, payload: Mapping[str, object]) -> None:
        """Call a handler by its full name, whether a page shows it or not."""
        await self._send(handler, payload, {})

    async def press(self, handler: str, payload: Mapping[str, object]) -> None:
        """Call a handler as a browser does for a press (`ui/shell/connection/redelivery.js`)."""
        key = secrets.token_hex(KEY_LETTERS // 2)
        self.unanswered.add(key)
        await self._send(handler, payload, {KEY: key})

    async def _send(
        self, handler: str, payload: Mapping[str, object], more: Mapping[str, str]
    ) -> None:
        event = {"name": handler, "payload": payload, "router_data": {**self._where(), **more}}
        await self._socket.send(f"{_MESSAGE}{json.dumps(['event', event])}")

    async def navigate(self, path: str) -> None:
        """Go to another address of the same page, as a link within the site does."""
        self.stand_at(path)
        await self.call(_NAVIGATE, {})

    def stand_at(self, path: str) -> None:
        """Change the address without loading, when the page shows already what belongs to it."""
        self._path, self._query = path, _query(path)

    async def until(self, seen: int, fits: Callable[[Update], bool], within: float) -> Update:
        """Return the first message after the first `seen` that fits.

        Raises `TimeoutError` if none comes within this many seconds after the one before.
        """
        while True:
            update = await self.next_update(seen, within)
            if update is None:
                raise TimeoutError(f"{self._path} got no update for {within} seconds")
            if fits(update):
                return update
            seen += 1

    async def next_update(self, seen: int, within: float) -> Update | None:
        """Return the message after the first `seen`, or None if none comes in this many seconds."""
        until = time.monotonic() + within
        while len(self.updates) <= seen:
            self._came.clear()
            left = until - time.monotonic()
            try:
                await asyncio.wait_for(self._came.wait(), max(left, 0))
            except TimeoutError:
                return None
        return self.updates[seen]

    async def settle(self, quiet: float = 0.3) -> None:
        """Wait until nothing has come for `quiet` seconds."""
        while await self.next_update(len(self.updates), quiet):
            pass

    async def until_answered(self, within: float) -> None:
        """Wait until every press is done; raise `TimeoutError` after this many seconds."""
        async with asyncio.timeout(within):
            while self.unanswered:
                self._came.clear()
                await self._came.wait()

    async def close(self) -> None:
        self._reader.cancel()
        if not self.closed:
            await self._socket.close()

    def _where(self) -> dict[str, object]:
        return {"pathname": urlsplit(self._path).path, "asPath": self._path, "query": self._query}

    async def _listen(self) -> None:
        try:
            while True:
                frame = await self._socket.receive()
                if frame == _PING:
                    await self._socket.send(_PONG)
                elif frame.startswith(_MESSAGE):
                    body = json.loads(frame.removeprefix(_MESSAGE))
                    if body[0] == ANSWERED:
                        self.unanswered.discard(body[1])
                    else:
                        self.unanswered.difference_update(body[2:])
                        self.updates.append(Update(time.monotonic(), len(frame.encode()), body))
                    self._came.set()
        except ConnectionClosed:
            self.closed = True
            self._came.set()


def _query(path: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(path).query))
