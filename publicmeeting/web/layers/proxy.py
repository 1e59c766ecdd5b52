"""Layer that takes the client's address and scheme from trusted proxies."""

import logging
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

_SECURE = {"http": "https", "ws": "wss"}


_log = logging.getLogger(__name__)


@dataclass
class ProxyTrust:
    """Number of our proxies in front, and whether an unconfigured one was seen.

    With an unconfigured proxy all clients have the proxy's address: they share one rate limit, and
    `/metrics` would be public.
    """

    hops: int
    was_surprised: bool = False
    """Whether X-Forwarded-For came while no proxy is trusted."""

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
            client = self._client(Headers(scope=scope))
            if client:
                changes["client"] = (client, 0)
            if self.is_https:
                # Otherwise the redirect to the trailing slash would lead from https to http.
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
