"""The layer that answers strangers with pages whose content stands in their first bytes."""

import asyncio
import gzip
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property

import brotli
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from publicmeeting.domain.errors import Denied, Unavailable
from publicmeeting.kit.figures import FAULTS
from publicmeeting.kit.hashing import sha_bytes
from publicmeeting.usecases.accounts.credentials import SESSION, Keys
from publicmeeting.usecases.accounts.signing_in.pending_sign_in import MISTYPED, PENDING
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.drafting import filing_page
from publicmeeting.usecases.tracking.by_code import TRIED
from publicmeeting.web.browser import ApplicationOf

Fill = Callable[[str], Awaitable[str | None]]
"""The whole page of a path, or None where it cannot be filled."""
FRESH_SECONDS = 2.0
"""For so long strangers share one page."""
LONGEST_SECONDS = 1.0
"""Nobody waits longer for a page to be composed; what is missing comes by the socket then."""
KEPT_SECONDS = 60.0
"""So old a page may be where a newer one cannot be had in time."""
GIVEN_UP_SECONDS = 30.0
"""No page is composed for longer: the next visitor after it begins anew."""
FOR_STRANGERS = "private, no-cache"
"""Of a page that holds nobody's things: a browser may keep it, and asks before it shows it anew."""
PICTURED = frozenset({"/", "/request/", "/track/", "/verify/", "/rules/", "/draws/"})
"""What a stranger may ask for so; the composition holds that they are the pages that are filled."""
WRITTEN_HERE = frozenset({"/request/"})
"""Pages in which somebody writes: such a page is never cached; with a visit it may be a draft."""
_TELLING = (SESSION, PENDING, TRIED, MISTYPED)
"""Cookies of somebody of whom the city knows more than that she has been here."""
_BROTLI, _GZIP = 11, 6
"""The most: once for each version, and it decides whether a page comes with the first packets."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Picture:
    """A page and what is sent of it."""

    html: bytes

    @cached_property
    def tag(self) -> str:
        """Another page has another one."""
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
    """The last picture of a path and when it was composed; `ended` is when one was tried last."""

    picture: Picture | None = None
    made: float = float("-inf")
    ended: float = float("-inf")
    begun: float = float("-inf")
    composing: asyncio.Task[None] | None = None


class Pictures:
    """The pages as they were filled last, each tried at most once in `FRESH_SECONDS`."""

    def __init__(self, fill: Fill) -> None:
        self._fill = fill
        self._pages: dict[str, _Page] = {}

    async def of(self, path: str) -> Picture | None:
        """The page of a path; None where it is to be answered as it was built.

        Whoever comes while it is composed waits for it, but no longer than `LONGEST_SECONDS` after
        that began, and has the last one then: its scripts are sent what has changed since.
        """
        page = self._pages.setdefault(path, _Page())
        now = time.monotonic()
        if page.composing is None and now - page.ended > FRESH_SECONDS:
            page.begun = now
            page.composing = asyncio.create_task(self._compose(path, page))
        if page.composing is not None:
            left = max(0.0, page.begun + LONGEST_SECONDS - now)
            await asyncio.wait({page.composing}, timeout=left)
        return page.picture if time.monotonic() - page.made < KEPT_SECONDS else None

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
    """Answers what strangers ask of these paths; all else goes on.

    A stranger has no session, nothing waits for her and nothing was refused: the page is one for
    all of them. An address with a query is about something, so it goes on, too; and whoever comes
    back to a page where she has begun to write.
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
        except (Denied, Unavailable):  # counted with all refusals, and no fault
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
        # As a page: a browser takes its policy from the newest answer, and runs no script without.
        return Response(status_code=304, media_type="text/html", headers=answer_headers)
    takes = request.get("accept-encoding", "")
    body = picture.html
    if "br" in takes:
        body, answer_headers["Content-Encoding"] = picture.brotli, "br"
    elif "gzip" in takes:
        body, answer_headers["Content-Encoding"] = picture.gzip, "gzip"
    return Response(body, media_type="text/html", headers=answer_headers)
