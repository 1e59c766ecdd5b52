"""`/verify/everything.zip`: the whole public log, every draw and the program that checks them.

The archive is made on disk, once for all requests, for one size of the log. Later entries are in
the next archive.
"""

import asyncio
import hashlib
import shutil
import tempfile
import time
import weakref
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from publicmeeting.application import Application
from publicmeeting.config import PROJECT
from publicmeeting.domain.errors import Denied
from publicmeeting.text.public_record.log_text import README
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.turns.tiles import tiles_of
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.public_record.log import (
    PROGRAM,
    Everything,
    OneDraw,
    draw_text,
    everything,
)
from publicmeeting.usecases.public_record.tree import OneSize, OneTile, log_note, log_tile
from publicmeeting.web import browser

NAME = "everything.zip"
_FOLDER = "everything/"
_PROGRAM = PROJECT / "assets" / "verify_draw.py"
_UNTIL_ASKED = {"Cache-Control": "public, no-cache"}
_YEAR_ONE = (1980, 1, 1, 0, 0, 0)
"""A fixed date, so that the same content gives the same bytes in every process."""
_READABLE = 0o644 << 16
_MOST_PACKS = 2
"""Number of archives on disk: a client that began to download the previous one can finish."""
_REST = 10
"""An archive is reused for this many times the time it took to make."""


@dataclass(frozen=True, slots=True)
class Archive:
    """One finished archive."""

    path: Path
    size: int
    """Size of the log."""
    etag: str
    until: float
    """Monotonic time in seconds until which it is returned without a check for a newer one."""


class Archives:
    """Makes archives, one at a time; one instance per process."""

    def __init__(self) -> None:
        self._making = asyncio.Lock()
        self._made: list[Archive] = []
        self._of: Everything | None = None
        self._numbers = count(1)
        self._folder: Path | None = None

    async def newest(self, application: Application) -> Archive:
        """Return an archive; raises Denied("not_found") before the log is opened."""
        if self._made and time.monotonic() < self._made[-1].until:
            return self._made[-1]
        # A client that disconnects must not cancel it for the others.
        return await asyncio.shield(asyncio.ensure_future(self._renewed(application)))

    async def _renewed(self, application: Application) -> Archive:
        async with self._making:
            if self._made and time.monotonic() < self._made[-1].until:
                return self._made[-1]
            begun = time.monotonic()
            whole = await application.query(everything, Keys(), Nothing())
            if self._made and whole == self._of:
                made = self._made.pop()
            else:
                made = await self._written(whole, application)
            ended = time.monotonic()
            self._of = whole
            self._made.append(replace(made, until=ended + _REST * (ended - begun)))
            while len(self._made) > _MOST_PACKS:
                self._made.pop(0).path.unlink(missing_ok=True)
            return self._made[-1]

    async def _written(self, whole: Everything, application: Application) -> Archive:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="publicmeeting-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        path = self._folder / f"{next(self._numbers)}.zip"
        try:
            etag = await _make(path, whole, application)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Archive(path, whole.size, etag, until=0)


async def _make(path: Path, whole: Everything, application: Application) -> str:
    """Write the archive file by file, to keep years of draws out of memory; return its ETag."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        async for name, data in _parts(whole, application):
            info = zipfile.ZipInfo(_FOLDER + name, _YEAR_ONE)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, _READABLE
            await anyio.to_thread.run_sync(archive.writestr, info, data)
    return await anyio.to_thread.run_sync(_digest, path)


async def _parts(whole: Everything, application: Application) -> AsyncIterator[tuple[str, bytes]]:
    """Yield name and content of each file, in the order of the archive."""
    origin = whole.checkpoint.split("\n", 1)[0]
    readme = README.format(origin=origin, size=whole.size, program=PROGRAM)
    yield "README.txt", readme.encode()
    yield _PROGRAM.name, await anyio.to_thread.run_sync(_PROGRAM.read_bytes)
    yield "checkpoint", whole.checkpoint.encode()
    yield "notes", "".join(f"{size}\n" for size in whole.notes).encode()
    for size in whole.notes:
        note = await application.query(log_note, Keys(), OneSize(size=size))
        yield f"note/{size}", note.encode()
    for tile in tiles_of(whole.size):
        if tile.level is None:
            found = await application.query(log_tile, Keys(), OneTile(path=tile.path))
            yield tile.path, found.data
    for draw in whole.drawn:
        file = await application.query(draw_text, Keys(), OneDraw(draw=draw))
        yield f"draws/{draw}.json", file.text.encode()
    for draw, text in whole.coming:
        yield f"draws/{draw}.json", text.encode()
    for digest, text in whole.reports:
        yield f"reports/{digest}.json", text.encode()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return f'"{hashlib.file_digest(file, "sha256").hexdigest()[:32]}"'


class TakeEverything:
    """Returns the archive, or the rest of an interrupted download of the same archive."""

    def __init__(self) -> None:
        self._archives = Archives()

    async def __call__(self, request: Request) -> Response:
        try:
            made = await self._archives.newest(browser.application(request))
        except Denied:
            return PlainTextResponse(refusal("not_found"), 404, headers=_UNTIL_ASKED)
        headers = {**_UNTIL_ASKED, "ETag": made.etag, "X-Log-Size": str(made.size)}
        if made.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "range" in request.headers and request.headers.get("if-range") != made.etag:
            # Parts of two archives would not fit together.
            request.scope["headers"] = [
                (name, value) for name, value in request.scope["headers"] if name != b"range"
            ]
        return FileResponse(made.path, headers=headers, media_type="application/zip", filename=NAME)


def routes() -> list[Route]:
    return [Route(f"/verify/{NAME}", TakeEverything().__call__)]
