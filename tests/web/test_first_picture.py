"""Which visitors get a page filled on the server, and which never do."""

import asyncio
import gzip
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import brotli
import pytest
from browsers import Browser, compose
from signed_in import sign_in
from support.city import City
from support.each import in_one_city

from publicmeeting.application import Application
from publicmeeting.config import Settings
from publicmeeting.domain.errors import TooBusy
from publicmeeting.usecases.accounts.signing_in.pending_sign_in import PENDING
from publicmeeting.usecases.tracking.by_code import TRIED
from publicmeeting.web.layers import first_picture

FILLED = "<html><body>همه‌چیز</body></html>"


class Filling:
    """Counts what was asked for; `html` is returned, or raised if it is an error."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.html: str | Exception | None = FILLED
        self.stuck: asyncio.Event | None = None

    async def fill(self, path: str) -> str | None:
        self.asked.append(path)
        if self.stuck:
            await self.stuck.wait()
        if isinstance(self.html, Exception):
            raise self.html
        return self.html


@pytest.fixture
def filling() -> Filling:
    return Filling()


@pytest.fixture
def stranger(
    application: Application, city: City, settings: Settings, built: Path, filling: Filling
) -> Iterator[Browser]:
    browser = Browser(compose(application, settings, built, filling.fill), settings)
    yield browser
    browser.close()


def is_filled(browser: Browser, path: str = "/") -> bool:
    return browser.get(path).text == FILLED


def test_a_stranger_gets_the_content_and_her_visit(stranger: Browser) -> None:
    answer = stranger.get("/")
    assert answer.text == FILLED
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "visit=" in answer.headers["set-cookie"]
    assert "script-src" in answer.headers["content-security-policy"]
    assert is_filled(stranger), "with a visit, too"


@in_one_city("cookie", ["session", PENDING, TRIED])
def test_whoever_is_known_is_never_answered_with_it(
    stranger: Browser, filling: Filling, cookie: str
) -> None:
    stranger.put_cookie(cookie, "x")
    assert not is_filled(stranger)
    assert stranger.get("/").headers["cache-control"] == "no-store"
    assert filling.asked == []


def test_signing_in_ends_it(stranger: Browser, application: Application) -> None:
    assert is_filled(stranger)
    sign_in(stranger, application)
    assert not is_filled(stranger)


@in_one_city("path", ["/?x=1", "/track/?code=0512000007", "/request/?step=2", "/gone/"])
def test_an_address_about_something_is_answered_as_ever(
    stranger: Browser, filling: Filling, path: str
) -> None:
    stranger.get(path)
    assert filling.asked == []


def test_strangers_pages_may_stand_behind_back_and_those_one_writes_in_may_not(
    stranger: Browser,
) -> None:
    keeps = {path: stranger.get(path).headers["cache-control"] for path in ("/", "/request/")}
    assert keeps == {"/": "private, no-cache", "/request/": "no-store"}


def test_a_draft_begun_is_nobody_elses_page(stranger: Browser) -> None:
    assert is_filled(stranger, "/request/")
    assert is_filled(stranger, "/request/"), "a visit that has written nothing"
    stranger.post("/draft", {"district": "5", "step": "1"})
    assert not is_filled(stranger, "/request/")
    assert is_filled(stranger, "/")


@pytest.mark.parametrize("why", [OSError("no database"), TooBusy()])
def test_what_cannot_be_read_of_a_visit_counts_as_begun(
    stranger: Browser,
    application: Application,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    why: Exception,
) -> None:
    assert is_filled(stranger, "/request/")

    async def fails(*_: object) -> None:
        raise why

    monkeypatch.setattr(application, "query", fails)
    with caplog.at_level(logging.INFO):
        assert not is_filled(stranger, "/request/")
    assert ("could not be read" in caplog.text) == isinstance(why, OSError)


def test_a_page_is_filled_once_for_all_who_come_within_two_seconds(
    stranger: Browser, filling: Filling, ticks: list[float]
) -> None:
    for _ in range(3):
        stranger.get("/")
    assert filling.asked == ["/"]
    ticks[0] += first_picture.FRESH_SECONDS + 0.1
    stranger.get("/")
    assert filling.asked == ["/", "/"]


@pytest.mark.parametrize("fault", [ValueError("no such expression"), None])
def test_what_cannot_be_filled_is_answered_as_it_was_built(
    stranger: Browser, filling: Filling, fault: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    filling.html = fault
    with caplog.at_level(logging.ERROR):
        answer = stranger.get("/")
    assert answer.status_code == 200
    assert "خانه" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert ("could not be drawn" in caplog.text) == (fault is not None)


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(first_picture, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


async def html_of(pictures: first_picture.Pictures) -> str | None:
    picture = await pictures.of("/")
    return picture.html.decode() if picture else None


def test_nobody_waits_for_a_slow_database(
    filling: Filling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page comes as it was built, and the begun filling serves the next visitor."""

    async def visits() -> None:
        monkeypatch.setattr(first_picture, "LONGEST_SECONDS", 0.01)
        pictures = first_picture.Pictures(filling.fill)
        filling.stuck = asyncio.Event()
        assert await html_of(pictures) is None
        assert await html_of(pictures) is None, "nor does the next one begin it anew"
        filling.stuck.set()
        monkeypatch.setattr(first_picture, "LONGEST_SECONDS", 10.0)
        assert await html_of(pictures) == FILLED
        assert filling.asked == ["/"]

    asyncio.run(visits())


@pytest.mark.parametrize("is_stuck", [True, False], ids=["late", "failing"])
def test_a_picture_of_the_last_minute_stands_in_for_one_that_does_not_come(
    filling: Filling, ticks: list[float], monkeypatch: pytest.MonkeyPatch, *, is_stuck: bool
) -> None:
    async def visits() -> None:
        monkeypatch.setattr(first_picture, "LONGEST_SECONDS", 0.01)
        pictures = first_picture.Pictures(filling.fill)
        await html_of(pictures)
        filling.html = "newer" if is_stuck else OSError("no database")
        filling.stuck = asyncio.Event() if is_stuck else None
        ticks[0] += first_picture.STANDS_IN_SECONDS - 1
        assert await html_of(pictures) == FILLED
        ticks[0] += 1
        assert await html_of(pictures) is None, "a minute ago is not now"

    asyncio.run(visits())


def test_composing_ends_and_is_begun_anew(
    filling: Filling, ticks: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def visits() -> None:
        monkeypatch.setattr(first_picture, "GIVEN_UP_SECONDS", 0.01)
        pictures = first_picture.Pictures(filling.fill)
        filling.stuck = asyncio.Event()
        assert await html_of(pictures) is None
        filling.stuck = None
        assert await html_of(pictures) is None, "not at once"
        ticks[0] += first_picture.FRESH_SECONDS + 0.1
        assert await html_of(pictures) == FILLED
        assert filling.asked == ["/", "/"]

    asyncio.run(visits())


@in_one_city(
    "takes, sent, unpack",
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ],
)
def test_it_is_packed_as_the_browser_can_read_it(
    application: Application,
    filling: Filling,
    takes: str,
    sent: str | None,
    unpack: Callable[[bytes], bytes],
) -> None:
    picture = first_picture.Picture(FILLED.encode())
    answer = first_picture._answer(picture, first_picture.Headers({"accept-encoding": takes}))
    assert answer.headers.get("content-encoding") == sent
    assert unpack(bytes(answer.body)) == FILLED.encode()


def test_an_unchanged_page_is_not_sent_again(stranger: Browser, filling: Filling) -> None:
    first = stranger.get("/")
    tag, policy = (first.headers[name] for name in ("etag", "content-security-policy"))
    again = stranger.get("/", **{"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "private, no-cache"
    assert again.headers["content-security-policy"] == policy, "a browser keeps the newest one"
    assert stranger.get("/", **{"if-none-match": 'W/"other"'}).status_code == 200
