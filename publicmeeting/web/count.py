"""Counts of answers for /metrics: by kind of path and status, nothing about anybody."""

from collections import Counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

KINDS = (
    "assets",
    "auth",
    "draft",
    "photos",
    "images",
    "receipt",
    "pass",
    "proof",
    "plain",
    "_event",
)
"""First parts of paths that are told apart; all others are `page`."""


class Counted:
    """Counts each answer once, by the first part of its path; a fixed number of series."""

    def __init__(self, app: ASGIApp, counts: Counter[tuple[str, str, int]]) -> None:
        self.app = app
        self.counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.counts[_kind(scope["path"]), _method(scope["method"]), message["status"]] += 1
            await send(message)

        await self.app(scope, receive, counted)


def _kind(path: str) -> str:
    first = path.strip("/").partition("/")[0]
    return first if first in KINDS else "page"


def _method(method: str) -> str:
    return method if method in {"GET", "HEAD", "POST", "DELETE", "OPTIONS"} else "other"
