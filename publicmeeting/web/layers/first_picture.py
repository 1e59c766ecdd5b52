"""Layers that answer with pages from memory: as they were built, or with content of their own.

Reflex looks up and opens each built page's file and its compressed variants, in five steps in other
threads. A page has a few kilobytes and does not change after the build. Strangers get pages that
contain their content in the first bytes.
"""

import asyncio
import gzip
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import brotli
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from publicmeeting.domain.errors import Denied, Unavailable
from publicmeeting.kit.hashing import sha_bytes
from publicmeeting.kit.process.figures import FAULTS
from publicmeeting.usecases.accounts.credentials import SESSION, Keys
from publicmeeting.usecases.accounts.signing_in.pending_sign_in import MISTYPED, PENDING
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.drafting import filing_page
from publicmeeting.usecases.tracking.by_code import TRIED
from publicmeeting.web.browser import ApplicationOf, encodings

Fill = Callable[[str], Awaitable[str | None]]
"""Renders the full page of a path; returns None if it cannot be filled."""
FRESH_SECONDS = 2.0
"""How long all strangers share one rendered page, in seconds."""
LONGEST_SECONDS = 1.0
"""Longest wait for rendering, in seconds; missing content then arrives over the socket."""
STANDS_IN_SECONDS = 60.0
"""Maximum age, in seconds, of a page that is served because rendering takes too long."""
GIVEN_UP_SECONDS = 30.0
"""Timeout of one rendering, in seconds; the next visitor starts another."""
FOR_STRANGERS = "private, no-cache"
"""Cache-Control of a page without personal content.

A browser may store it, and revalidates it before showing it again.
"""
PICTURED = frozenset({"/", "/request/", "/track/", "/verify/", "/rules/", "/draws/"})
"""Paths that are prefilled for strangers; the composition checks that they are the filled pages."""
WRITTEN_HERE = frozenset({"/request/"})
"""Pages with a form: never cached, because with a visit they may contain a draft."""
_TELLING = (SESSION, PENDING, TRIED, MISTYPED)
"""Cookies that mean the city knows more about a browser than its visit."""
_BROTLI, _GZIP = 11, 6
"""Highest compression levels.

Each version is compressed once, and the size decides whether a page fits into the first packets.
"""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Picture:
    """A rendered page and its compressed forms."""

    html: bytes

    @cached_property
    def tag(self) -> str:
        """ETag, a hash of the page."""
        return f'W/"{sha_bytes(self.html)[:16]}"'

    @cached_property
    def brotli(self) -> bytes:
        found: bytes = brotli.compress(self.html, quality=_BROTLI)
        return found

    @cached_property
    def gzip(self) -> bytes:
        return gzip.compress(self.html, _GZIP, mtime=0)


@dataclass
class _Page:
    """Last rendering of a path: when it was made, and when the last attempt began and ended."""

    picture: Picture | None = None
    made: float = float("-inf")
    ended: float = float("-inf")
    begun: float = float("-inf")
    composing: asyncio.Task[None] | None = None


class Pictures:
    """The last rendering of each page; a page is rendered at most once in `FRESH_SECONDS`."""

    def __init__(self, fill: Fill) -> None:
        self._fill = fill
        self._pages: dict[str, _Page] = {}

    async def of(self, path: str) -> Picture | None:
        """Return the page of a path; None if it must be answered as it was built.

        A request during a rendering waits for it, at most until `LONGEST_SECONDS` after it began.
        Then it gets the previous one, and the page's scripts receive later changes over the socket.
        """
        page = self._pages.setdefault(path, _Page())
        now = time.monotonic()
        if page.composing is None and now - page.ended > FRESH_SECONDS:
            page.begun = now
            page.composing = asyncio.create_task(self._compose(path, page))
        if page.composing is not None:
            left = max(0.0, page.begun + LONGEST_SECONDS - now)
            await asyncio.wait({page.composing}, timeout=left)
        return page.picture if time.monotonic() - page.made < STANDS_IN_SECONDS else None

    async def _compose(self, path: str, page: _Page) -> None:
        try:
            async with asyncio.timeout(GIVEN_UP_SECONDS):
                html = await self._fill(path)
            if html is None:
                page.picture = None
            elif page.picture is None or page.picture.html != html.encode():
                page.picture = Picture(html.encode())
            page.made = time.monotonic()
        except Exception:  # noqa: BLE001  (without it the page is whole, only later)
            FAULTS.labels("first picture").inc()
            _log.exception("a first picture could not be drawn")
        finally:
            page.ended, page.composing = time.monotonic(), None


class FirstPicture:
    """Answers strangers' requests for the prefilled paths; passes everything else on.

    A stranger has no session, no pending code and no refused input, so one page serves all of them.
    An address with a query passes on, because it has content of its own. A page with a form passes
    on too, if the visitor has begun a draft.
    """

    def __init__(self, app: ASGIApp, application: ApplicationOf, fill: Fill) -> None:
        self.app = app
        self.application = application
        self.pictures = Pictures(fill)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        picture = await self._picture(scope) if _is_asked(scope) else None
        if picture is None:
            await self.app(scope, receive, send)
            return
        answer = _answer(picture, Headers(scope=scope))
        if scope["path"] not in WRITTEN_HERE:
            answer.headers["Cache-Control"] = FOR_STRANGERS
        await answer(scope, receive, send)

    async def _picture(self, scope: Scope) -> Picture | None:
        header = Headers(scope=scope).get("cookie", "")
        cookies = self.application().cookies
        if any(cookies.name(name) in header for name in _TELLING):
            return None
        if scope["path"] in WRITTEN_HERE and await self._has_begun(cookies.keys(header)):
            return None
        return await self.pictures.of(scope["path"])

    async def _has_begun(self, keys: Keys) -> bool:
        if not keys.visit:
            return False
        try:
            page = await self.application().query(filing_page, keys, Nothing())
        except (Denied, Unavailable):  # already counted with all refusals, and not a fault
            return True
        except Exception:  # noqa: BLE001  (as it was built, the page says what is missing)
            _log.exception("a visit's draft could not be read")
            return True
        return bool(page.fields or page.photos or page.mobile or page.person_id)


def _is_asked(scope: Scope) -> bool:
    is_http = scope["type"] == "http" and scope["method"] == "GET"
    return is_http and scope["path"] in PICTURED and not scope["query_string"]


def _answer(picture: Picture, request: Headers) -> Response:
    answer_headers = {"Vary": "Accept-Encoding, Cookie", "ETag": picture.tag}
    if picture.tag in request.get("if-none-match", ""):
        # With the media type of a page, so that the policy header is added: browsers use the policy
        # of the newest answer, and without one that names the scripts they would run none.
        return Response(status_code=304, media_type="text/html", headers=answer_headers)
    takes = encodings(request)
    body = picture.html
    if "br" in takes:
        body, answer_headers["Content-Encoding"] = picture.brotli, "br"
    elif "gzip" in takes:
        body, answer_headers["Content-Encoding"] = picture.gzip, "gzip"
    return Response(body, media_type="text/html", headers=answer_headers)


_INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class _Built:
    """A built page: its bytes, and each compressed variant by the name of its encoding."""

    html: bytes
    packed: dict[str, bytes]


class BuiltPages:
    """Answers requests for the exact address of a built page; passes everything else on."""

    def __init__(self, app: ASGIApp, built: Path) -> None:
        self.app = app
        self._pages = {_path(file, built): _read(file) for file in built.rglob(_INDEX)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asks = scope["type"] == "http" and scope["method"] == "GET"
        page = self._pages.get(scope["path"]) if asks else None
        if page is None:
            await self.app(scope, receive, send)
            return
        takes = encodings(Headers(scope=scope))
        headers, body = {"Vary": "Accept-Encoding"}, page.html
        name = next((coding for coding in page.packed if coding in takes), None)
        if name is not None:
            headers["Content-Encoding"], body = name, page.packed[name]
        await Response(body, media_type="text/html", headers=headers)(scope, receive, send)


def page_addresses(built: Path) -> frozenset[str]:
    """Return the addresses of all built pages; each ends with a slash."""
    return frozenset(_path(file, built) for file in built.rglob(_INDEX))


def _path(file: Path, built: Path) -> str:
    folder = file.parent.relative_to(built).as_posix()
    return "/" if folder == "." else f"/{folder}/"


def _read(file: Path) -> _Built:
    files = {"br": file.with_name(f"{_INDEX}.br"), "gzip": file.with_name(f"{_INDEX}.gz")}
    packed = {name: path.read_bytes() for name, path in files.items() if path.exists()}
    return _Built(file.read_bytes(), packed)
