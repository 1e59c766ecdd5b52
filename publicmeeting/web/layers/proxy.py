"""Behind proxies: the client's address and scheme, as far as those proxies are ours."""

import logging
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

_SECURE = {"http": "https", "ws": "wss"}


_log = logging.getLogger(__name__)


@dataclass
class ProxyTrust:
    """How many proxies in front are ours, and whether one came that is not configured.

    Then everybody has that proxy's address: one rate limit for a whole city, and `/metrics` would
    be open to the world.
    """

    hops: int
    was_surprised: bool = False
    """X-Forwarded-For has come while no proxy is trusted."""

    def surprises(self, headers: Headers) -> bool:
        """Whether this request came through a proxy that is not configured; logged once."""
        if self.hops or "x-forwarded-for" not in headers:
            return False
        if not self.was_surprised:
            self.was_surprised = True
            _log.warning(
                "X-Forwarded-For came while PUBLICMEETING_PROXY_HOPS is 0: everybody behind that "
                "proxy shares one rate limit; set it to the number of proxies in front"
            )
        return True


class BehindProxies:
    """Each of our `hops` proxies appends the address it was called from to X-Forwarded-For, so the
    client's is that many from the end; whatever stands before it is the client's own invention.

    The scheme is that of the public address: the proxy in front is where TLS ends.
    """

    def __init__(self, app: ASGIApp, trust: ProxyTrust, *, is_https: bool) -> None:
        self.app = app
        self.trust = trust
        self.is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            changes: dict[str, object] = {}
            client = self._client(Headers(scope=scope))
            if client:
                changes["client"] = (client, 0)
            if self.is_https:
                # Else the redirect to a page's slash would lead from https to http.
                changes["scheme"] = _SECURE.get(scope["scheme"], scope["scheme"])
            scope = {**scope, **changes}
        await self.app(scope, receive, send)

    def _client(self, headers: Headers) -> str:
        hops = self.trust.hops
        if self.trust.surprises(headers) or not hops:
            return ""
        sent = ",".join(headers.getlist("x-forwarded-for")).split(",")
        addresses = [one.strip() for one in sent if one.strip()]
        return addresses[-hops] if len(addresses) >= hops else ""
