"""What every answer says to the browser: what to run, what to keep, and which visit it is."""

from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publicmeeting.config import Settings
from publicmeeting.web import browser
from publicmeeting.web.browser import ApplicationOf
from publicmeeting.web.first_picture import FOR_STRANGERS
from publicmeeting.web.policy import Policies

_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_HTTPS_ONLY = "max-age=31536000; includeSubDomains"
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_FOUND = {200, 206, 304}


class Spoken:
    """Adds security and caching headers, and the visit's cookie to the first page a browser gets.

    A page is never kept, so that the socket it opens always brings the cookie that came with it;
    but for pages that are the same for all strangers, which may stand behind Back.
    """

    def __init__(
        self, app: ASGIApp, application: ApplicationOf, settings: Settings, built: Path
    ) -> None:
        self.app = app
        self.application = application
        self.is_https = settings.is_https
        self.policies = Policies(built, settings.origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def spoken(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._speak(scope, message)
            await send(message)

        await self.app(scope, receive, spoken)

    def _speak(self, scope: Scope, message: Message) -> None:
        path: str = scope["path"]
        headers = MutableHeaders(scope=message)
        for name, value in _SAFE.items():
            headers.setdefault(name, value)
        if self.is_https:
            headers["Strict-Transport-Security"] = _HTTPS_ONLY
        is_page = headers.get("content-type", "").startswith("text/html")
        policy = self.policies.of(path) if is_page else self.policies.plain
        headers.setdefault("Content-Security-Policy", policy)
        if is_page:
            if headers.get("cache-control") != FOR_STRANGERS:
                headers["Cache-Control"] = "no-store"
            self._remember(scope, headers)
        else:
            headers.setdefault("Cache-Control", _keep(path, message["status"]))

    def _remember(self, scope: Scope, headers: MutableHeaders) -> None:
        cookies = self.application().cookies
        if cookies.keys(Headers(scope=scope).get("cookie", "")).visit:
            return
        carrier = Response()
        browser.set_visit(cookies, carrier, cookies.new_visit())
        headers.append("set-cookie", carrier.headers["set-cookie"])


def _keep(path: str, status: int) -> str:
    """How long a browser may keep an answer that has not said so itself."""
    if status in _FOUND and path.startswith(("/assets/", "/fonts/")):
        return _FOR_EVER  # each name has a hash of the content in it
    return _ASK_AGAIN
