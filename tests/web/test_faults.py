"""Every unanswerable request gets a Persian page of ours, not one of a library."""

import asyncio
import errno
import io
from collections.abc import Iterator
from typing import Any

import pytest
from browsers import Browser, Browsers
from PIL import Image
from sqlalchemy.exc import OperationalError
from starlette.types import Message, Receive, Scope, Send
from support.city import City
from support.each import in_one_city

from publicmeeting.application import Application
from publicmeeting.domain.errors import TooBusy
from publicmeeting.media.objects import StorageUnavailable
from publicmeeting.text.refusals.refusals_text import FAULT_TRIES_ITSELF, FAULTS, refusal
from publicmeeting.web.layers.slow_bodies import (
    BYTES_A_SECOND,
    GRACE_SECONDS,
    LONGEST_SECONDS,
    PatientBodies,
)

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
AWAY = OperationalError("SELECT", {}, Exception("server closed the connection"))


@pytest.fixture
def breaking(application: Application, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """`breaking(error)` makes the service raise it from now on, whatever it is asked."""

    def break_(error: Exception) -> None:
        async def broken(*_: object) -> None:
            raise error

        monkeypatch.setattr(application, "query", broken)
        monkeypatch.setattr(application, "execute", broken)

    return break_


@pytest.fixture
def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(out, "JPEG")
    return out.getvalue()


@in_one_city(
    "error, status, sentence",
    [
        (AWAY, 503, FAULTS[503][1]),
        (StorageUnavailable("the bucket is away"), 503, FAULTS[503][1]),
        (RuntimeError("a bug"), 500, FAULTS[500][1]),
        (OSError(errno.ENOSPC, "No space left on device"), 507, refusal("storage_full")),
        (OSError(errno.EIO, "I/O error"), 500, FAULTS[500][1]),
    ],
)
def test_a_page_that_cannot_be_made_says_so_in_persian(
    browser: Browser, breaking: Any, error: Exception, status: int, sentence: str
) -> None:
    breaking(error)
    answer = browser.get("/plain/mine/", accept=HTML)
    assert answer.status_code == status
    assert '<html lang="fa" dir="rtl">' in answer.text
    assert sentence in answer.text
    assert 'href="/plain/mine/"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-request-id"]
    assert "script" not in answer.headers["content-security-policy"]
    assert "Error" not in answer.text


def test_a_database_that_is_away_is_worth_another_try(browser: Browser, breaking: Any) -> None:
    breaking(AWAY)
    answer = browser.get("/plain/mine/", accept=HTML)
    assert answer.headers["retry-after"] == answer.headers["refresh"] == "30"
    assert FAULT_TRIES_ITSELF in answer.text


@in_one_city(
    "error, status, key",
    [
        (AWAY, 503, "http_503"),
        (RuntimeError("a bug"), 500, "http_500"),
        (TooBusy(), 503, "too_busy"),
    ],
)
def test_the_sender_of_photos_is_told_in_its_own_form(
    browser: Browser, breaking: Any, error: Exception, status: int, key: str
) -> None:
    breaking(error)
    answer = browser.send(b"x")
    assert (answer.status_code, answer.json()["key"]) == (status, key)
    assert not answer.json()["error"].isascii()


@in_one_city("accept", ["*/*", HTML])
@in_one_city(
    "method, path, status",
    [
        ("DELETE", "/auth/code", 405),
        ("PUT", "/", 405),
        ("POST", "/request/", 405),
        ("PATCH", "/receipt/0506123457.png", 405),
    ],
)
def test_what_is_no_way_to_ask_is_told_in_persian(
    browser: Browser, city: City, accept: str, method: str, path: str, status: int
) -> None:
    headers = {"origin": browser.origin, "accept": accept}
    answer = browser._ask(method, path, headers=headers)
    assert answer.status_code == status
    assert FAULTS[status][1] in answer.text
    assert answer.headers["allow"]


def test_a_body_that_is_too_large_is_told_in_persian(browser: Browser, city: City) -> None:
    answer = browser.post("/draft", {"text": "x" * 400_000})
    assert answer.status_code == 413
    assert FAULTS[413][1] in answer.text


def test_a_form_that_is_none_is_told_in_persian(browser: Browser, city: City) -> None:
    headers = {"origin": browser.origin, "content-type": "multipart/form-data"}
    answer = browser.post("/auth/code", headers=headers, content=b"x")
    assert answer.status_code == 400
    assert FAULTS[400][1] in answer.text


def test_our_own_sentences_stay_as_they_are(browser: Browser, city: City) -> None:
    assert browser.get("/metrics").status_code == 200
    assert browser.get("/robots.txt").text.startswith("User-agent")
    assert browser.get("/images/none").text == refusal("not_found")


@in_one_city("path", ["/ping", "/_health", "/ping?x=1"])
@in_one_city("method", ["GET", "POST"])
def test_the_framework_tells_nothing_of_itself(
    browser: Browser, city: City, path: str, method: str
) -> None:
    answer = browser._ask(method, path, headers={"origin": browser.origin})
    assert answer.status_code == 404
    assert "pong" not in answer.text


@pytest.mark.parametrize("by_script", [True, False])
def test_a_full_disk_refuses_a_photo_with_a_sentence_and_leaves_the_rest_alone(
    browser: Browser,
    application: Application,
    city: City,
    monkeypatch: pytest.MonkeyPatch,
    photo: bytes,
    *,
    by_script: bool,
) -> None:
    def full(*_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(type(application.images), "put", full)
    if by_script:
        answer = browser.send(photo)
        assert answer.status_code == 507
        assert answer.json() == {"error": refusal("storage_full"), "key": "storage_full"}
    else:
        files = {"photos": ("a.jpg", photo, "image/jpeg")}
        answer = browser._ask("POST", "/photos", files=files, headers={"origin": browser.origin})
        assert answer.status_code == 303
        assert "e=storage_full" in answer.headers["location"]
    monkeypatch.undo()
    assert browser.send(photo).status_code == 201


def test_without_a_host_nobody_is_answered(browsers: Browsers, city: City) -> None:
    answer = browsers().get("/", host="")
    assert answer.status_code == 400


@in_one_city(
    "host, path, status",
    [
        ("evil.example", "/", 421),
        ("evil.example", "/request", 421),
        ("meeting.example.evil.example", "/request", 421),
        ("MEETING.example", "/request", 307),
        ("10.0.0.3:3000", "/live", 200),
    ],
)
def test_in_production_another_host_leads_nowhere(
    https_browser: Browser, host: str, path: str, status: int
) -> None:
    answer = https_browser.get(path, host=host)
    assert answer.status_code == status
    assert "evil" not in answer.headers.get("location", "")


class Line:
    """A client's body, piece by piece, with the seconds that each takes."""

    def __init__(self, *pieces: tuple[float, int]) -> None:
        self.pieces = list(pieces)
        self.now = 0.0

    async def receive(self) -> Message:
        if not self.pieces:
            await asyncio.Event().wait()
        took, size = self.pieces.pop(0)
        self.now += took
        return {"type": "http.request", "body": bytes(size), "more_body": bool(self.pieces)}


async def read(line: Line) -> int:
    """Return how many bytes a route gets to read; what it raises is the answer."""
    came = 0

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal came
        is_whole = False
        while not is_whole:
            message = await receive()
            came += len(message["body"])
            is_whole = not message["more_body"]

    async def send(message: Message) -> None:
        del message

    await PatientBodies(route, 0.05, lambda: line.now)({"type": "http"}, line.receive, send)
    return came


def test_a_slow_phone_sends_its_photo_in_half_an_hour() -> None:
    pieces = [(25.0, 20 * BYTES_A_SECOND * 2) for _ in range(70)]
    assert asyncio.run(read(Line(*pieces))) == 70 * 20 * BYTES_A_SECOND * 2


def test_a_body_that_comes_for_an_hour_is_ended_however_fast() -> None:
    line = Line(*[(20.0, 10 * 20 * BYTES_A_SECOND) for _ in range(180)])
    with pytest.raises(Exception, match="408"):
        asyncio.run(read(line))
    assert line.now <= LONGEST_SECONDS + 20


def test_a_body_that_trickles_is_ended() -> None:
    line = Line(*[(GRACE_SECONDS / 10, 1) for _ in range(1000)])
    with pytest.raises(Exception, match="408"):
        asyncio.run(read(line))
    assert line.now <= 2 * GRACE_SECONDS


def test_a_body_that_stops_is_ended() -> None:
    class Stopped(Line):
        async def receive(self) -> Message:
            if len(self.pieces) == 1:
                await asyncio.Event().wait()
            return await super().receive()

    with pytest.raises(Exception, match="408"):
        asyncio.run(read(Stopped((0.0, 10), (0.0, 10))))
