"""Layers that decide by whom and for which host a request is sent.

They take the client's address and scheme from trusted proxies, check host and path, and refuse
cross-site requests that change something.
"""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from publicmeeting.config import Env, Settings
from publicmeeting.live.sockets import POLICY_VIOLATION
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.web.addresses import origin_of, split_referer

FOR_OPERATORS = frozenset({"/live", "/ready", "/health", "/metrics"})
"""Paths that a proxy or a monitor requests by the machine's own address."""


class OwnHost:
    """Refuses a request without a Host and, in production, one for another host.

    The redirect to an address with a trailing slash would otherwise lead to any host that the
    header names.

    A path with a line end is no page. Starlette matches `/health` and a line end to `/health`, and
    a proxy that keeps `/health` from strangers does not.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        is_strict = settings.env is Env.PRODUCTION
        self.host = urlsplit(settings.public_url).netloc.lower() if is_strict else ""
        self.origin = settings.public_url.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            host = Headers(scope=scope).get("host", "").lower()
            if not host or "\n" in scope["path"]:
                raise HTTPException(HTTPStatus.BAD_REQUEST)
            if self.host and host != self.host and scope["path"] not in FOR_OPERATORS:
                if not self._is_ours_with_a_dot(scope["method"], host):
                    raise HTTPException(HTTPStatus.MISDIRECTED_REQUEST)
                query = scope["query_string"].decode("latin-1")
                target = f"{self.origin}{quote(scope['path'])}{'?' if query else ''}{query}"
                await RedirectResponse(target, HTTPStatus.PERMANENT_REDIRECT)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _is_ours_with_a_dot(self, method: str, host: str) -> bool:
        """Whether a sentence's full stop was copied with the address: `meeting.example.`.

        Browsers send it, and store their cookies under it, so she is led to the host itself.
        """
        return method in {"GET", "HEAD"} and host.replace(".:", ":").rstrip(".") == self.host


INBOUND_SMS = "/sms/inbound"
"""Path for the SMS gateway, which authenticates by a secret of its own."""
SIGNED = frozenset(
    {"/log/commitment", "/log/reveal", "/log/value", "/log/rules", "/log/cosignature", INBOUND_SMS}
)
"""Paths for programs, which sign what they send or bring a secret; cookies are not read there."""

_READING = {"GET", "HEAD", "OPTIONS"}
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
                await send({"type": "websocket.close", "code": POLICY_VIOLATION})
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


_SECURE = {"http": "https", "ws": "wss"}


_log = logging.getLogger(__name__)


@dataclass
class ProxyTrust:
    """Number of our proxies in front, and whether a request came by another number of them.

    Then all clients have a proxy's address: they share one rate limit, and `/metrics` would be
    public.
    """

    hops: int
    was_surprised: bool = False
    """Whether a request came with fewer addresses than proxies, or with one and no proxy."""

    def surprises(self, scope: Scope) -> bool:
        """Whether this request did not come as the settings say; logged once.

        Operators ask for their paths without a proxy.
        """
        came = len(_forwarded(scope))
        by_our_proxies = came >= self.hops if self.hops else not came
        if by_our_proxies or (not came and scope["path"] in FOR_OPERATORS):
            return False
        if not self.was_surprised:
            self.was_surprised = True
            _log.warning(
                "X-Forwarded-For came with %s addresses while PUBLICMEETING_PROXY_HOPS is %s: "
                "everybody behind that proxy shares one rate limit; set it to the number of "
                "proxies in front, each of which adds the address that called it",
                came,
                self.hops,
            )
        return True


def _forwarded(scope: Scope) -> list[str]:
    """Return the addresses of X-Forwarded-For, the one that was added last at the end."""
    sent = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    return [address.strip() for address in sent if address.strip()]


class BehindProxies:
    """Sets the client's address and scheme.

    Each of our `hops` proxies appends the address that called it to X-Forwarded-For. So the
    client's address is that many entries from the end; entries before it can be invented by the
    client. The scheme is that of the public address, because TLS ends at the first proxy.
    """

    def __init__(self, app: ASGIApp, trust: ProxyTrust, *, is_https: bool) -> None:
        self.app = app
        self.trust = trust
        self.is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            changes: dict[str, object] = {}
            client = self._client(scope)
            if client:
                changes["client"] = (client, 0)
            if self.is_https:
                # Otherwise the redirect to the trailing slash would lead from https to http.
                changes["scheme"] = _SECURE.get(scope["scheme"], scope["scheme"])
            scope = {**scope, **changes}
        await self.app(scope, receive, send)

    def _client(self, scope: Scope) -> str:
        hops = self.trust.hops
        if self.trust.surprises(scope) or not hops:
            return ""
        addresses = _forwarded(scope)
        return addresses[-hops] if len(addresses) >= hops else ""
