"""Behind proxies: the client's address and scheme, as far as those proxies are ours."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

_SECURE = {"http": "https", "ws": "wss"}


class BehindProxies:
    """Each of our `hops` proxies appends the address it was called from to X-Forwarded-For, so the
    client's is that many from the end; whatever stands before it is the client's own invention.

    The scheme is that of the public address: the proxy in front is where TLS ends.
    """

    def __init__(self, app: ASGIApp, hops: int, *, is_https: bool) -> None:
        self.app = app
        self.hops = hops
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
        if not self.hops:
            return ""
        sent = ",".join(headers.getlist("x-forwarded-for")).split(",")
        addresses = [one.strip() for one in sent if one.strip()]
        return addresses[-self.hops] if len(addresses) >= self.hops else ""
