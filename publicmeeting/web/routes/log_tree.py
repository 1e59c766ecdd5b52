"""The public log under `/log/`, for programs: C2SP checkpoints, tiles and cosigned notes."""

import gzip

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.turns.schema import log_schema
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.base import Nothing, UseCase
from publicmeeting.usecases.public_record.tree import (
    OneSize,
    OneTile,
    checkpoint,
    cosigned_sizes,
    log_note,
    log_proof,
    log_tile,
)
from publicmeeting.web import browser
from publicmeeting.web.addresses import number_in

_BYTES = "application/octet-stream"
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_A_WHILE = {"Cache-Control": "public, max-age=60"}
_UNTIL_ASKED = {"Cache-Control": "public, no-cache"}
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
    if "gzip" not in request.headers.get("accept-encoding", ""):
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


def routes() -> list[Route]:
    return [
        Route("/log/checkpoint", newest),
        Route("/log/tile/{path:path}", tile),
        Route("/log/note/{number}", note),
        Route("/log/proof/{number}", proof),
        Route("/log/notes", notes),
        Route("/log/schema.json", schema),
    ]
