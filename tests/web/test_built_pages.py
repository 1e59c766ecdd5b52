"""Built pages are served from memory, in the encoding that the browser accepts."""

import asyncio
from pathlib import Path

import httpx2
import pytest
from starlette.responses import PlainTextResponse

from publicmeeting.web.layers.first_picture import BuiltPages

PAGE = b"<!doctype html><title>x</title>"


@pytest.fixture
def app(tmp_path: Path) -> BuiltPages:
    for folder in ("", "request"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "index.html").write_bytes(PAGE + folder.encode())
    (tmp_path / "request" / "index.html.br").write_bytes(b"br")
    (tmp_path / "request" / "index.html.gz").write_bytes(b"gz")
    (tmp_path / "404.html").write_bytes(b"none")
    built = BuiltPages(PlainTextResponse("passed on"), tmp_path)
    for file in tmp_path.rglob("*.*"):
        file.unlink()  # the pages must come from memory
    return built


def asked(app: BuiltPages, path: str, method: str = "GET", takes: str = "") -> httpx2.Response:
    async def ask() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://city") as client:
            request = client.build_request(method, path, headers={"Accept-Encoding": takes})
            answer = await client.send(request, stream=True)
            answer.extensions["raw"] = b"".join([part async for part in answer.aiter_raw()])
            return answer

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("takes", "name", "body"),
    [
        ("gzip, deflate, br", "br", b"br"),
        ("gzip", "gzip", b"gz"),
        ("", None, PAGE + b"request"),
        ("zstd", None, PAGE + b"request"),
        ("br; q=0, gzip;q=0.5", "gzip", b"gz"),
    ],
)
def test_a_page_comes_as_the_browser_takes_it(
    app: BuiltPages, takes: str, name: str | None, body: bytes
) -> None:
    answer = asked(app, "/request/", takes=takes)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers.get("content-encoding") == name
    assert answer.extensions["raw"] == body
    assert answer.headers["content-length"] == str(len(body))


def test_a_page_that_was_built_in_one_form_comes_in_it(app: BuiltPages) -> None:
    answer = asked(app, "/?step=2", takes="br")
    assert answer.extensions["raw"] == PAGE


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/request", "GET"),
        ("/request/", "POST"),
        ("/request/", "HEAD"),
        ("/mine/CODE/", "GET"),
        ("/404.html", "GET"),
        ("/request/index.html", "GET"),
    ],
)
def test_what_is_no_page_of_that_very_address_goes_on(
    app: BuiltPages, path: str, method: str
) -> None:
    answer = asked(app, path, method)
    assert method == "HEAD" or answer.extensions["raw"] == b"passed on"
    assert answer.headers["content-type"].startswith("text/plain")
