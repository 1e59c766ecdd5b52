"""Layers around every answer: an id for its log lines, and counts and times for /metrics."""

import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publicmeeting.kit.codes import token
from publicmeeting.kit.process.context import set_request_id
from publicmeeting.kit.process.figures import ANSWER_SECONDS, ANSWERS

HEADER = "X-Request-Id"
_BYTES = 9


class RequestIds:
    """Outermost layer. An id sent by the client is ignored."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        request_id = token(_BYTES)
        set_request_id(request_id)

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        await self.app(scope, receive, named)


KINDS = (
    "assets",
    "auth",
    "draft",
    "photos",
    "images",
    "ink",
    "papers",
    "orders",
    "receipt",
    "pass",
    "proof",
    "plain",
    "hall",
    "verify",
    "check",
    "invitation",
    "people",
    "live",
    "ready",
    "health",
    "metrics",
    "_event",
)
"""First parts of paths with a series of their own; all other paths count as `page`."""


class Counted:
    """Counts each answer once, by the first part of its path; the number of series is fixed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                kind, method = _kind(scope["path"]), _method(scope["method"])
                ANSWERS.labels(kind, method, str(message["status"])).inc()
                ANSWER_SECONDS.labels(kind, method).observe(time.perf_counter() - began)
            await send(message)

        await self.app(scope, receive, counted)


def _kind(path: str) -> str:
    first = path.strip("/").partition("/")[0]
    return first if first in KINDS else "page"


def _method(method: str) -> str:
    return method if method in {"GET", "HEAD", "POST", "DELETE", "OPTIONS"} else "other"
