"""Layers that check the Host header and refuse cross-site requests that change something."""

import logging
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from publicmeeting.config import Env, Settings
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.web.addresses import origin_of, split_referer

FOR_OPERATORS = frozenset({"/live", "/ready", "/health", "/metrics"})
"""Paths that a proxy or a monitor requests by the machine's own address."""


class OwnHost:
    """Refuses a request without a Host and, in production, one for another host.

    The redirect to an address with a trailing slash would otherwise lead to any host that the
    header names.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        is_strict = settings.env is Env.PRODUCTION
        self.host = urlsplit(settings.public_url).netloc.lower() if is_strict else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            host = Headers(scope=scope).get("host", "").lower()
            if not host:
                raise HTTPException(HTTPStatus.BAD_REQUEST)
            if self.host and host != self.host and scope["path"] not in FOR_OPERATORS:
                raise HTTPException(HTTPStatus.MISDIRECTED_REQUEST)
        await self.app(scope, receive, send)


INBOUND_SMS = "/sms/inbound"
"""Path for the SMS gateway, which authenticates by a secret of its own."""
SIGNED = frozenset(
    {"/log/commitment", "/log/reveal", "/log/value", "/log/rules", "/log/cosignature", INBOUND_SMS}
)
"""Paths for programs, which sign what they send or bring a secret; cookies are not read there."""

_READING = {"GET", "HEAD", "OPTIONS"}
_POLICY_VIOLATION = 1008
logger = logging.getLogger(__name__)


class SameOrigin:
    """Refuses what another site's page makes a browser send with our visitor's cookies.

    Browsers send Origin with every POST. Without it, the Referer must show that the form was ours.
    A socket without Origin is not a browser and brings no cookies.
    """

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        self.app = app
        self.origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _READING:
            if scope["path"] not in SIGNED and not self._is_ours(Headers(scope=scope)):
                await PlainTextResponse(refusal("form_broken"), 403)(scope, receive, send)
                return
        elif scope["type"] == "websocket":
            origin = Headers(scope=scope).get("origin")
            if origin is not None and not self._is_listed(origin):
                await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
                return
        await self.app(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is not None:
            return self._is_listed(origin)
        return origin_of(split_referer(headers.get("referer", ""))) in self.origins

    def _is_listed(self, origin: str) -> bool:
        if origin in self.origins:
            return True
        logger.warning(
            "Refused a page of %.200r: pages are served from PUBLICMEETING_URL, %s.",
            origin,
            ", ".join(sorted(self.origins)),
        )
        return False
