"""Layer that leads from an address as people type or copy it to the page that they mean."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from publicmeeting.kit.digits import without_marks
from publicmeeting.web.layers.first_picture import page_addresses
from publicmeeting.web.layers.origin import FOR_OPERATORS

_COPIED = ".,;:!?)]}>\"'«»،؛؟…/"
"""Signs that stand after an address in a sentence; no page's address ends with one."""
CASES = frozenset(
    {
        "/receipt/",
        "/proof/",
        "/mine/",
        "/mayor/meeting/",
        "/mayor/orders/",
        "/city/people/",
        "/unit/",
    }
)
"""Where pages of one case begin. Each is built once for all codes, so no file has a code's name."""
_LONGEST = 300
"""Nobody types a longer path, and each one is compared with all routes."""
_SLASHES = re.compile("/+")


class TypedAddresses:
    """Redirects a browser from a page's address that is written differently.

    It may lack the slash at its end, have capital letters (telephones begin a line with one),
    Persian digits or marks, or end with what followed it in a message. Programs get no redirect:
    whatever does not ask for `text/html` passes on as it is.
    """

    def __init__(self, app: ASGIApp, routes: Starlette, built: Path) -> None:
        self.app = app
        self._routes = [
            route
            for route in routes.routes
            if isinstance(route, Route) and route.path not in FOR_OPERATORS
        ]
        self._built = page_addresses(built)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        meant = self._meant(scope["path"]) if _is_opened(scope) else None
        if meant is None:
            await self.app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        target = f"{quote(meant)}?{query}" if query else quote(meant)
        answer = RedirectResponse(target, 307, headers={"Cache-Control": "no-store"})
        await answer(scope, receive, send)

    def _meant(self, path: str) -> str | None:
        """Return the address of the page that is meant; None for one that is written so."""
        plain = _SLASHES.sub("/", without_marks(path)).rstrip(_COPIED) or "/"
        is_as_written = path in {plain, f"{plain}/"}
        if is_as_written and self._exists(path):
            return None
        for address in _spellings(plain):
            if self._exists(address) or (not is_as_written and self._is_case(address)):
                return address if address != path else None
        return None

    def _exists(self, path: str) -> bool:
        if path in self._built:
            return True
        scope = {"type": "http", "method": "GET", "path": path, "root_path": ""}
        return any(route.matches(scope)[0] is Match.FULL for route in self._routes)

    @staticmethod
    def _is_case(path: str) -> bool:
        """Whether it may be the page of one case, such as `/mine/0506123451/`."""
        above, _, code = path.rstrip("/").rpartition("/")
        return path.endswith("/") and code.isdecimal() and f"{above}/" in CASES


def _spellings(plain: str) -> Iterator[str]:
    """Yield the addresses to look for, the likeliest first; a page's own ends with a slash."""
    for text in dict.fromkeys((plain, plain.lower())):
        if text == "/":
            yield text
        else:
            yield f"{text}/"
            yield text


def _is_opened(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] in {"GET", "HEAD"}
        and len(scope["path"]) <= _LONGEST
        and "text/html" in Headers(scope=scope).get("accept", "")
    )
