"""Every route is called with hostile input, by nobody and by an official.

The answer is a page or a refusal, never an error, and the log has one short line a record.
"""

import asyncio
import io
import logging
import re
from collections.abc import Iterator, MutableMapping
from http.cookies import SimpleCookie
from urllib.parse import quote, unquote

import pytest
from browsers import Browsers
from starlette.routing import Route
from starlette.types import ASGIApp, Message
from support.city import City
from support.staff_tab import session_of

from publicmeeting.config import Settings
from publicmeeting.web.app import routes
from publicmeeting.web.logs import MOST_BYTES, TextLines

HOSTILE = (
    "\x00../../x\r\n2026-11-27 CRITICAL forged\x1b[31m",
    "9" * 15,
    "9" * 5000,
    "é" * 700,
)
FIELDS = ("code", "next", "name", "key", "after", "q", "district", "day", "mobile", "seq", "size")
_NOT_CALLED = frozenset({"/hall/{district}/news", "/health", "/ready"})
"""News are long polls; the others answer 503 because no worker runs here."""


def names(settings: Settings) -> list[tuple[str, str]]:
    found = routes(lambda: pytest.fail("nothing is asked yet"), settings).routes
    return [
        (method, route.path)
        for route in found
        if isinstance(route, Route) and route.path not in _NOT_CALLED
        for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"})
    ]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(TextLines())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


async def called(
    app: ASGIApp, method: str, path: str, word: str, cookies: MutableMapping[str, str]
) -> int:
    """Call a route without the tests' client, which is slow with addresses as long as these."""
    quoted = quote(word, safe="")
    target = re.sub(r"{[^}]*}", quoted, path)
    query = "&".join(f"{name}={quoted}" for name in FIELDS).encode()
    body = query if method == "POST" else b""
    headers = {
        "host": "localhost:3000",
        "origin": "http://localhost:3000",
        "content-type": "application/x-www-form-urlencoded",
        "content-length": str(len(body)),
        "cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(target),
        "raw_path": target.encode(),
        "root_path": "",
        "query_string": query,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("192.0.2.7", 4711),
        "server": ("localhost", 3000),
    }
    coming, answered, statuses = [{"type": "http.request", "body": body}], asyncio.Event(), []

    async def receive() -> Message:
        if coming:
            return coming.pop()
        await answered.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
            for name, value in message["headers"]:
                if name.lower() == b"set-cookie":
                    brought = SimpleCookie(value.decode("latin-1"))
                    cookies.update({key: morsel.value for key, morsel in brought.items()})
        elif not message.get("more_body"):
            answered.set()

    await app(scope, receive, send)
    (status,) = statuses
    return status


@pytest.mark.on_postgresql
@pytest.mark.parametrize("who", ["", "administrator"])
def test_no_route_fails_whatever_it_is_called_with(
    browsers: Browsers,
    city: City,
    settings: Settings,
    log: io.StringIO,
    who: str,
) -> None:
    browser = browsers()
    cookies = {"visit": browser.cookie("visit")}
    session = session_of(city.application, who) if who else ""
    found = names(settings)
    assert len(found) > 60
    failed = []
    for method, path in found:
        for word in HOSTILE:
            if session:
                cookies["session"] = session
            status = browser.run(called(browser.app, method, path, word, cookies))
            if status >= 500:
                failed.append((status, method, path, word[:20]))
    assert failed == []
    for line in log.getvalue().splitlines():
        assert len(line.encode()) <= MOST_BYTES
        assert "Traceback" not in line
        assert "CRITICAL forged" not in line[:30]
        assert not any(ord(sign) < 32 for sign in line)
