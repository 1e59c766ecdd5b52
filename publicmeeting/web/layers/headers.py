"""Layer that adds security headers, caching headers and the visit's cookie to every answer."""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publicmeeting.config import Settings
from publicmeeting.web.browser import ApplicationOf, set_visit
from publicmeeting.web.layers.first_picture import FOR_STRANGERS

_INLINE = re.compile(rb"<script(?![^>]*\ssrc\s*=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_FALLBACK = "404.html"
"""Page that Reflex serves for addresses with parameters, and for unknown addresses."""


def inline_scripts(html: bytes) -> list[str]:
    """Return `'sha256-…'` of every inline script, in order, without duplicates.

    See CSP level 2, section 4.2.
    """
    hashes = (hashlib.sha256(script).digest() for script in _INLINE.findall(html))
    return list(dict.fromkeys(f"'sha256-{base64.b64encode(hash_).decode()}'" for hash_ in hashes))


class Policies:
    """One Content-Security-Policy per built page, read at start.

    Each page allows only its own inline scripts. The hashes of all pages together would make a
    header that many proxies refuse.
    """

    def __init__(self, built: Path, origins: Iterable[str]) -> None:
        sockets = " ".join(f"ws{origin.removeprefix('http')}" for origin in origins)
        # Older Safari does not count a socket of the same origin as 'self'.
        self._connect = f"'self' {sockets}"
        self._pages = {
            file.relative_to(built).as_posix(): self._policy(inline_scripts(file.read_bytes()))
            for file in built.rglob("*.html")
        }
        self.plain = self._policy([])
        self._fallback = self._pages.get(_FALLBACK, self.plain)

    def of(self, path: str) -> str:
        """Return the policy for a path of the site."""
        bare = path.strip("/")
        names = (f"{bare}/index.html" if bare else "index.html", bare)
        return next((self._pages[n] for n in names if n in self._pages), self._fallback)

    def _policy(self, scripts: list[str]) -> str:
        parts = {
            "default-src": "'self'",
            "script-src": " ".join(["'self'", *scripts]),
            "style-src": "'self' 'unsafe-inline'",
            "img-src": "'self' data: blob:",
            "connect-src": self._connect,
            "worker-src": "'self'",
            "object-src": "'none'",
            "base-uri": "'self'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
        }
        return "; ".join(f"{name} {value}" for name, value in parts.items())


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
    """Adds security and caching headers, and the visit's cookie to the first page of a browser.

    A page is not cached, so its socket always brings the cookie that came with it. Pages that are
    the same for all strangers are the exception: the browser may store them for its Back button.
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

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(scope, message)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _add_headers(self, scope: Scope, message: Message) -> None:
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
        set_visit(cookies, carrier, cookies.new_visit())
        headers.append("set-cookie", carrier.headers["set-cookie"])


def _keep(path: str, status: int) -> str:
    """Return the Cache-Control of an answer that has none."""
    if status in _FOUND and path.startswith(("/assets/", "/fonts/")):
        return _FOR_EVER  # file names contain a hash of the content
    return _ASK_AGAIN
