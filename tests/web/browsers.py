"""A browser of the tests: it stores cookies, sends its origin with POST, follows no redirect."""

import asyncio
import re
import sys
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

import httpx2
from starlette.applications import Starlette
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp
from support.gateway import TEXTS

from publicmeeting.application import Application
from publicmeeting.config import Settings
from publicmeeting.web.app import transformers
from publicmeeting.web.layers.first_picture import Fill

Answer = TypeVar("Answer")

# Another library looks for this module, which is not installed, in every folder at each request.
sys.modules.setdefault("sniffio", None)

HTTP = {"PUBLICMEETING_ENV": "test", "PUBLICMEETING_PORT": "3000"}
HTTPS = {
    "PUBLICMEETING_ENV": "production",
    "PUBLICMEETING_URL": "https://meeting.example",
    "PUBLICMEETING_SECRET": "6b" * 32,
    "DATABASE_URL": "postgresql://nowhere/city",
    **TEXTS,
}


def as_answered(answer: httpx2.Response) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    """Return everything by which a client can tell one answer from another, without its log id."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, answer.content, tuple(sorted(headers.items()))


def compose(
    application: Application, settings: Settings, built: Any, fill: Fill | None = None
) -> ASGIApp:
    """Return our routes and layers around plain pages, composed as Reflex does."""
    app: ASGIApp = StaticFiles(directory=built, html=True)
    for transformer in transformers(lambda: application, settings, built, fill):
        if isinstance(transformer, Starlette):
            transformer.mount("", app)
            app = transformer
        else:
            app = transformer(app)
    return app


def same(answer: httpx2.Response) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    """Return everything of an answer except the id of its request, for comparisons."""
    headers = (header for header in answer.headers.items() if header[0] != "x-request-id")
    return answer.status_code, answer.content, tuple(sorted(headers))


class Browser:
    def __init__(self, app: ASGIApp, settings: Settings, address: str = "192.0.2.7") -> None:
        self.app, self.origin = app, settings.public_url
        transport = httpx2.ASGITransport(app=app, client=(address, 4711))
        self._client = httpx2.AsyncClient(transport=transport, base_url=self.origin)
        self._runner = asyncio.Runner()

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self._ask("GET", path, headers=headers)

    def reload(self, refused: httpx2.Response) -> httpx2.Response:
        """Get the page that a reload asks for after a refused form, by the script of the answer."""
        address = re.search(r'history\.replaceState\(null, "", "([^"]+)"\);', refused.text)
        assert address is not None
        return self.get(address[1])

    def head(self, path: str) -> httpx2.Response:
        return self._ask("HEAD", path)

    def post(
        self,
        path: str,
        fields: Mapping[str, object] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx2.Response:
        """Send a form of one of our pages; `headers` replace those of a browser."""
        spoken = {"origin": self.origin} if headers is None else headers
        if "content" not in more:
            more["data"] = dict(fields or {})
        return self._ask("POST", path, headers=spoken, **more)

    def send(self, body: bytes, query: str = "", **headers: str) -> httpx2.Response:
        """Send a photo as the page's own script does."""
        sent = {"origin": self.origin, "content-type": "application/octet-stream", **headers}
        return self._ask("POST", f"/photos{query}", content=body, headers=sent)

    def delete(self, path: str) -> httpx2.Response:
        return self._ask("DELETE", path, headers={"origin": self.origin})

    def cookie(self, name: str) -> str:
        return next((one.value or "" for one in self._client.cookies.jar if one.name == name), "")

    def put_cookie(self, name: str, value: str) -> None:
        """Replace a cookie that the city has set, so that the city's next one replaces this."""
        jar = self._client.cookies.jar
        domain = next((one.domain for one in jar if one.name in {name, "visit"}), "")
        self._client.cookies.set(name, value, domain=domain, path="/")

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()

    def _ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        return self.run(self._client.request(method, path, **more))

    def run(self, asking: Coroutine[Any, Any, Answer]) -> Answer:
        """Run a coroutine in this browser's own event loop."""
        return self._runner.run(asking)


Browsers = Callable[..., Browser]
"""`browsers()` is another browser at the same city."""
