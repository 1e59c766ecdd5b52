"""The Content-Security-Policy of each built page: no script but those we have built."""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

_INLINE = re.compile(rb"<script(?![^>]*\ssrc\s*=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_FALLBACK = "404.html"
"""What Reflex serves for pages with a part of their own in the address, and for no page."""


def inline_scripts(html: bytes) -> list[str]:
    """`'sha256-…'` of every inline script, in their order, each once (CSP level 2, section 4.2)."""
    hashes = (hashlib.sha256(script).digest() for script in _INLINE.findall(html))
    return list(dict.fromkeys(f"'sha256-{base64.b64encode(one).decode()}'" for one in hashes))


class Policies:
    """One policy per built page, read at start.

    Each page allows its own inline scripts only: all of them together would make a header that
    many a proxy refuses.
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
        """The policy for what is served at a path of the site."""
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
