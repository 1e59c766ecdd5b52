"""Layer that answers errors in Persian: a page for browsers, a sentence for programs."""

import logging
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publicmeeting.domain.errors import Refusal, Unavailable
from publicmeeting.kit.process.figures import FAULTS
from publicmeeting.media.objects import is_full
from publicmeeting.text.common import chrome_text
from publicmeeting.text.refusals import refusals_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.alone import is_part_missing
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import el
from publicmeeting.web.plain.page import page

_AFTER_SECONDS = "30"
_BY_SCRIPT = ("/photos", "/draft", "/ink")
"""Paths whose answers are read by our own scripts."""
_log = logging.getLogger(__name__)


class Faults:
    """Innermost layer.

    Logs a server error once; the answer carries the request id of its log lines.
    """

    def __init__(self, app: ASGIApp, routes: Starlette) -> None:
        self.app = app
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer(send)
        try:
            await self.app(scope, receive, answer.send)
        except ClientDisconnect:
            return
        except Exception as error:
            if answer.has_begun:
                raise
            response = self._of_error(Request({**scope, "app": self.routes}), error)
        else:
            if not answer.bare:
                return
            request = Request({**scope, "app": self.routes})
            response = _of_status(request, answer.bare)
            response.headers.update(answer.headers_of_refusal)
        await response(scope, receive, send)

    def _of_error(self, request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            return _of_status(request, error.status_code)
        refused = _refusal_of(error)
        if refused is not None:
            if isinstance(refused, Unavailable):
                _log.warning("a request was refused: %s", refused.key)
            return _of_refusal(request, refused, refusal_status(refused))
        FAULTS.labels("request").inc()
        _log.error("a request failed", exc_info=error)
        is_missing = is_part_missing(error)
        status = HTTPStatus.SERVICE_UNAVAILABLE if is_missing else HTTPStatus.INTERNAL_SERVER_ERROR
        return _of_status(request, status)


def _refusal_of(error: Exception) -> Refusal | None:
    if is_full(error):
        return Unavailable("storage_full")
    return error if isinstance(error, Refusal) else None


def refusal_status(refused: Refusal) -> HTTPStatus:
    """Return the status of a page that shows a refusal, such as a form with all its input."""
    if isinstance(refused, Unavailable):
        return unavailable_status(refused)
    return HTTPStatus.UNPROCESSABLE_ENTITY


def unavailable_status(refused: Unavailable) -> HTTPStatus:
    """Return the 5xx status by which a browser, a gateway or a tablet knows to retry later."""
    is_room = refused.key == "storage_full"
    return HTTPStatus.INSUFFICIENT_STORAGE if is_room else HTTPStatus.SERVICE_UNAVAILABLE


class _Answer:
    """Wraps `send` of a route; holds back a framework's own error text, which is English."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._begun: Message | None = None
        """Start message of an answer, held until its first body message is known."""
        self.has_begun = False
        self.bare = 0
        """Status of an answer that was held back; 0 for none."""
        self.headers_of_refusal: dict[str, str] = {}
        """Headers of the held answer that its replacement keeps."""

    async def send(self, message: Message) -> None:
        if self.bare:
            return
        if message["type"] == "http.response.start" and _may_be_bare(message):
            self._begun = message
            return
        if self._begun is not None:
            if message.get("body", b"").isascii():
                self._hold_back(self._begun)
                return
            await self._send(self._begun)
            self._begun = None
        self.has_begun = True
        await self._send(message)

    def _hold_back(self, begun: Message) -> None:
        self.bare = begun["status"]
        allowed = Headers(raw=begun["headers"]).get("allow")
        self.headers_of_refusal = {"Allow": allowed} if allowed else {}


def _may_be_bare(message: Message) -> bool:
    kind = Headers(raw=message.get("headers", [])).get("content-type", "text/plain")
    return message["status"] in refusals_text.FAULTS and kind.startswith("text/plain")


def _of_status(request: Request, status: int) -> Response:
    title, why = refusals_text.FAULTS[status]
    return _answer(request, status, title, why, key=f"http_{status}")


def _of_refusal(request: Request, refused: Refusal, status: int) -> Response:
    why = refusal(refused.key, **refused.facts)
    title, _ = refusals_text.FAULTS[HTTPStatus.INTERNAL_SERVER_ERROR]
    return _answer(request, status, title, why, key=refused.key)


def _answer(request: Request, status: int, title: str, why: str, *, key: str) -> Response:
    headers = {"Cache-Control": "no-store"}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = _AFTER_SECONDS
    if request.url.path.startswith(_BY_SCRIPT) and request.method != "GET":
        return JSONResponse({"error": why, "key": key}, status, headers=headers)
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(f"{title}. {why}", status, headers=headers)
    again = el("a", refusals_text.FAULT_AGAIN, href=request.url.path, class_="btn btn-primary")
    home = el("a", chrome_text.HOME, href="/", class_="btn btn-secondary")
    links = el("p", *([again] if request.method == "GET" else []), home, class_="flex gap-3")
    tries = status == HTTPStatus.SERVICE_UNAVAILABLE and request.method == "GET"
    if tries:
        headers["Refresh"] = _AFTER_SECONDS
    more = [elements.muted(refusals_text.FAULT_TRIES_ITSELF)] if tries else []
    answer_page = page(title, elements.dead_end(title, why, *more, links), status=status)
    answer_page.headers.update(headers)
    return answer_page
