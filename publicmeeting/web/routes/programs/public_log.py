"""The public log and the draws, for everybody and for other programs: JSON, C2SP files, an archive.

An entry and a drawn file never change, so clients may cache both. Under `/log/` are checkpoints,
tiles and cosigned notes.

`/verify/everything.zip` has the whole public log, every draw and the program that checks them. The
archive is made on disk, once for all requests, for one size of the log. Later entries are in the
next archive.
"""

import asyncio
import gzip
import hashlib
import shutil
import tempfile
import time
import weakref
import zipfile
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from publicmeeting.application import Application
from publicmeeting.config import PROJECT
from publicmeeting.domain.districts.city import DISTRICTS
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.mondays import DrawState
from publicmeeting.kit.jalali import iso
from publicmeeting.text.public_record.log_text import README
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.turns.schema import log_schema
from publicmeeting.turns.tree.tiles import tiles_of
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.base import Nothing, UseCase
from publicmeeting.usecases.public_record.log import (
    PAGE,
    PROGRAM,
    After,
    Everything,
    File,
    InDistrict,
    OneDraw,
    draw_list,
    draw_text,
    everything,
    log_page,
)
from publicmeeting.usecases.public_record.tree import (
    OneRow,
    OneSize,
    OneTile,
    checkpoint,
    cosigned_sizes,
    draw_row,
    log_note,
    log_now,
    log_proof,
    log_tile,
)
from publicmeeting.web import browser
from publicmeeting.web.addresses import number_in
from publicmeeting.web.plain.page import not_found

_JSON = "application/json"
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_UNTIL_ASKED = {"Cache-Control": "public, no-cache"}


async def log(request: Request) -> Response:
    """Return up to 1,000 entries after `?after=`; a Link header has the next page."""
    after = number_in(request.query_params.get("after", "0"))
    if after is None:
        return _nothing(400)
    found = await browser.application(request).query(log_page, Keys(), After(seq=after))
    is_full = len(found) == PAGE
    headers = dict(_FOR_EVER if is_full else _UNTIL_ASKED)
    if is_full:
        headers["Link"] = f'</verify/log.json?after={found[-1].seq}>; rel="next"'
    return JSONResponse([entry.published for entry in found], headers=headers)


async def draws(request: Request) -> Response:
    """List all draws, or those of `?district=`."""
    typed = request.query_params.get("district")
    district = number_in(typed) if typed else None
    if typed and district is None:
        return _nothing(400)
    if district is not None and all(one.number != district for one in DISTRICTS):
        return _nothing(404)
    command = InDistrict(district=district)
    found = await browser.application(request).query(draw_list, Keys(), command)
    listed = [
        {
            "draw": published.id,
            "district": published.district,
            "monday": iso(published.monday),
            "state": published.state.value,
            "file": f"/verify/draws/{published.id}.json",
        }
        for published in found
    ]
    return JSONResponse(listed, headers=_UNTIL_ASKED)


async def draw(request: Request) -> Response:
    """Return one draw file in its present state."""
    file = await _file(browser.application(request), request.path_params["draw"])
    if file is None:
        return not_found(request, _UNTIL_ASKED)
    headers = _FOR_EVER if file.state is DrawState.DRAWN else _UNTIL_ASKED
    return Response(file.text, media_type=_JSON, headers=headers)


async def _file(application: Application, draw: str) -> File | None:
    try:
        return await application.query(draw_text, Keys(), OneDraw(draw=draw))
    except Denied:
        return None


def _nothing(status: int) -> Response:
    key = "not_found" if status == 404 else "address_number"  # noqa: PLR2004  (the one status it is)
    return PlainTextResponse(refusal(key), status, headers=_UNTIL_ASKED)


# For a telephone that proves one row: the row, and the log's name and keys.


async def row(request: Request) -> Response:
    """Return one row of a list with its path into the list's root; `null` if there is no such row.

    That is no error: a program may ask about a ticket of last week.
    """
    query = OneRow(draw=request.path_params["draw"], ticket=request.path_params["ticket"])
    try:
        found = await browser.application(request).query(draw_row, Keys(), query)
    except Denied:
        return JSONResponse(None, headers=_UNTIL_ASKED)
    return JSONResponse(asdict(found), headers=_UNTIL_ASKED)


async def now(request: Request) -> Response:
    """Return the log's name, keys and witnesses, and the newest result of its own audit."""
    try:
        found = await browser.application(request).query(log_now, Keys(), Nothing())
    except Denied:
        return not_found(request, _UNTIL_ASKED)
    return JSONResponse(asdict(found), headers=_UNTIL_ASKED)


_BYTES = "application/octet-stream"
_A_WHILE = {"Cache-Control": "public, max-age=60"}
_LEVEL = 6


async def newest(request: Request) -> Response:
    """Return the newest checkpoint, with all signatures of witnesses so far."""
    try:
        note = await browser.application(request).query(checkpoint, Keys(), Nothing())
    except Denied:
        return _missing()
    return PlainTextResponse(note, headers=_UNTIL_ASKED)


async def tile(request: Request) -> Response:
    """Return a tile of hashes as it is; entries with gzip if the client accepts it."""
    path = f"tile/{request.path_params['path']}"
    try:
        found = await browser.application(request).query(log_tile, Keys(), OneTile(path=path))
    except Denied:
        return _missing()
    headers = dict(_FOR_EVER if found.is_full else _A_WHILE)
    if not path.startswith("tile/entries/"):
        return Response(found.data, media_type=_BYTES, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" not in browser.encodings(request.headers):
        return Response(found.data, media_type=_BYTES, headers=headers)
    packed = await anyio.to_thread.run_sync(lambda: gzip.compress(found.data, _LEVEL, mtime=0))
    headers["Content-Encoding"] = "gzip"
    return Response(packed, media_type=_BYTES, headers=headers)


async def note(request: Request) -> Response:
    """Return the note of one size: the city's signature and those of witnesses."""
    return await _of_a_number(request, log_note)


async def proof(request: Request) -> Response:
    """Return the path of one entry into a note that witnesses have signed."""
    return await _of_a_number(request, log_proof)


async def _of_a_number(request: Request, usecase: UseCase[OneSize, str]) -> Response:
    text = request.path_params["number"]
    number = number_in(text)
    if not number or text.startswith("0"):
        return _missing()
    query = OneSize(size=number)
    try:
        found = await browser.application(request).query(usecase, Keys(), query)
    except Denied:
        return _missing()
    return PlainTextResponse(found, headers=_UNTIL_ASKED)


async def schema(_request: Request) -> Response:
    """Return the JSON schema of an entry, for authors of other readers."""
    return JSONResponse(log_schema(), media_type="application/schema+json", headers=_A_WHILE)


async def notes(request: Request) -> Response:
    """Return the sizes of the notes that witnesses have signed."""
    sizes = await browser.application(request).query(cosigned_sizes, Keys(), Nothing())
    return JSONResponse(list(sizes), headers=_UNTIL_ASKED)


def _missing() -> Response:
    return PlainTextResponse(refusal("not_found"), 404, headers=_UNTIL_ASKED)


NAME = "everything.zip"
_FOLDER = "everything/"
_PROGRAM = PROJECT / "assets" / "verify_draw.py"
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
    return [
        Route("/verify/log.json", log),
        Route("/verify/draws.json", draws),
        Route("/verify/draws/{draw}.json", draw),
        Route("/draws/{draw}/row/{ticket}", row),
        Route("/verify/now.json", now),
        Route("/log/checkpoint", newest),
        Route("/log/tile/{path:path}", tile),
        Route("/log/note/{number}", note),
        Route("/log/proof/{number}", proof),
        Route("/log/notes", notes),
        Route("/log/schema.json", schema),
        Route(f"/verify/{NAME}", TakeEverything().__call__),
    ]
