"""Layer that serves built pages from memory.

Reflex looks up and opens each page's file and its compressed variants, in five steps in other
threads. A page has a few kilobytes and does not change after the build.
"""

from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

_INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class _Built:
    """A built page: its bytes, and each compressed variant by the name of its encoding."""

    html: bytes
    packed: dict[str, bytes]


class BuiltPages:
    """Answers requests for the exact address of a built page; passes everything else on."""

    def __init__(self, app: ASGIApp, built: Path) -> None:
        self.app = app
        self._pages = {_path(file, built): _read(file) for file in built.rglob(_INDEX)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asks = scope["type"] == "http" and scope["method"] == "GET"
        page = self._pages.get(scope["path"]) if asks else None
        if page is None:
            await self.app(scope, receive, send)
            return
        takes = _taken(Headers(scope=scope).get("accept-encoding", ""))
        headers, body = {"Vary": "Accept-Encoding"}, page.html
        name = next((one for one in page.packed if one in takes), None)
        if name is not None:
            headers["Content-Encoding"], body = name, page.packed[name]
        await Response(body, media_type="text/html", headers=headers)(scope, receive, send)


def _taken(header: str) -> set[str]:
    """Return the names of the encodings that a browser accepts."""
    named = (one.replace(" ", "").partition(";") for one in header.split(","))
    return {name for name, _, weight in named if weight not in {"q=0", "q=0.0"}}


def _path(file: Path, built: Path) -> str:
    folder = file.parent.relative_to(built).as_posix()
    return "/" if folder == "." else f"/{folder}/"


def _read(file: Path) -> _Built:
    both = {"br": file.with_name(f"{_INDEX}.br"), "gzip": file.with_name(f"{_INDEX}.gz")}
    packed = {name: path.read_bytes() for name, path in both.items() if path.exists()}
    return _Built(file.read_bytes(), packed)
