"""Every route of ours is called with what nobody would type, by nobody and by an official.

The answer is a page or a refusal; never a fault, and the log stays one short line a record.
"""

import io
import logging
from collections.abc import Iterator, Mapping
from urllib.parse import quote

import pytest
from browsers import Browser, Browsers
from starlette.routing import Route
from support.city import City
from support.staff_tab import session_of

from publicmeeting.config import Settings
from publicmeeting.web.app import routes
from publicmeeting.web.logs import MOST_BYTES, TextLines

HOSTILE = (
    "\x00../../x\r\n2026-11-27 CRITICAL forged\x1b[31m",
    "9" * 40,
    "é" * 700,
)
FIELDS = ("code", "next", "name", "key", "after", "q", "district", "day", "mobile", "seq", "size")
_NOT_CALLED = frozenset({"/hall/{district}/news", "/health", "/ready"})
"""News are waited for; the others say 503 where a part is missing, and no worker runs here."""


def names(settings: Settings) -> list[tuple[str, str]]:
    found = routes(lambda: pytest.fail("nothing is asked yet"), settings).routes
    return [
        (method, one.path)
        for one in found
        if isinstance(one, Route) and one.path not in _NOT_CALLED
        for method in sorted((one.methods or set()) - {"HEAD", "OPTIONS"})
    ]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(TextLines())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def called(browser: Browser, method: str, path: str, word: str) -> int:
    filled = path
    for part in path.split("{")[1:]:
        filled = filled.replace(f"{{{part.split('}')[0]}}}", quote(word, safe=""))
    query = "&".join(f"{name}={quote(word, safe='')}" for name in FIELDS)
    fields: Mapping[str, object] = dict.fromkeys(FIELDS, word)
    if method == "POST":
        return browser.post(f"{filled}?{query}", fields).status_code
    return browser._ask(method, f"{filled}?{query}", headers={"origin": browser.origin}).status_code


@pytest.mark.parametrize("who", ["", "administrator"])
def test_no_route_fails_whatever_it_is_called_with(
    browsers: Browsers,
    city: City,
    settings: Settings,
    log: io.StringIO,
    who: str,
) -> None:
    browser = browsers()
    session = session_of(city.application, who) if who else ""
    found = names(settings)
    assert len(found) > 60
    failed = []
    for method, path in found:
        for word in HOSTILE:
            if session:
                browser.put_cookie("session", session)
            status = called(browser, method, path, word)
            if status >= 500:
                failed.append((status, method, path, word[:20]))
    assert failed == []
    for line in log.getvalue().splitlines():
        assert len(line.encode()) <= MOST_BYTES
        assert "Traceback" not in line
        assert "CRITICAL forged" not in line[:30]
        assert not any(ord(sign) < 32 for sign in line)
