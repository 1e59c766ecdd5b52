"""A browser of the tests: it stores cookies, sends its origin with POST, follows no redirect."""

import asyncio
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

# Not installed, and looked for in every folder with each request: it would be the loop of another
# library.
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
    """What whoever asks can tell one answer from another by; its number in our log is no fact."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, answer.content, tuple(sorted(headers.items()))


def compose(
    application: Application, settings: Settings, built: Any, fill: Fill | None = None
) -> ASGIApp:
    """Our routes and layers around plain pages, put together as Reflex does it."""
    app: ASGIApp = StaticFiles(directory=built, html=True)
    for transformer in transformers(lambda: application, settings, built, fill):
        if isinstance(transformer, Starlette):
            transformer.mount("", app)
            app = transformer
        else:
            app = transformer(app)
    return app


def same(answer: httpx2.Response) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    """All of an answer but the id of its request: what two of them are compared by."""
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
        """A form of one of our pages; `headers` may say something else."""
        spoken = {"origin": self.origin} if headers is None else headers
        if "content" not in more:
            more["data"] = dict(fields or {})
        return self._ask("POST", path, headers=spoken, **more)

    def send(self, body: bytes, query: str = "", **headers: str) -> httpx2.Response:
        """A photo, as the page's own script sends it."""
        sent = {"origin": self.origin, "content-type": "application/octet-stream", **headers}
        return self._ask("POST", f"/photos{query}", content=body, headers=sent)

    def delete(self, path: str) -> httpx2.Response:
        return self._ask("DELETE", path, headers={"origin": self.origin})

    def cookie(self, name: str) -> str:
        return next((one.value or "" for one in self._client.cookies.jar if one.name == name), "")

    def put_cookie(self, name: str, value: str) -> None:
        """In the place of one the city has given, so that the city's next takes its place."""
        jar = self._client.cookies.jar
        domain = next((one.domain for one in jar if one.name in {name, "visit"}), "")
        self._client.cookies.set(name, value, domain=domain, path="/")

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()

    def _ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        return self.run(self._client.request(method, path, **more))

    def run(self, asking: Coroutine[Any, Any, Answer]) -> Answer:
        """In this browser's own loop."""
        return self._runner.run(asking)


Browsers = Callable[..., Browser]
"""`browsers()`: one more browser at the same city."""
