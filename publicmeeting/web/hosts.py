"""Which addresses this service answers under."""

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from publicmeeting.config import Env, Settings

FOR_OPERATORS = frozenset({"/live", "/ready", "/health", "/metrics"})
"""A proxy and a monitor ask for these by the machine's own address."""


class OwnHost:
    """Refuses a request without a Host, and in production one for another host: what leads on to
    the page's address with a slash would lead wherever that header says."""

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
