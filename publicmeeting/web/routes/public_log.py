"""The public log and the draws, for everybody and for other programs: JSON, and C2SP files.

An entry and a drawn file never change, so clients may cache both. Under `/log/` are checkpoints,
tiles and cosigned notes.
"""

import gzip
from dataclasses import asdict

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from publicmeeting.application import Application
from publicmeeting.domain.districts import DISTRICTS
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.mondays import DrawState
from publicmeeting.kit.jalali import iso
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.turns.schema import log_schema
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.base import Nothing, UseCase
from publicmeeting.usecases.public_record.draw_row import OneRow, draw_row, log_now
from publicmeeting.usecases.public_record.log import (
    PAGE,
    After,
    File,
    InDistrict,
    OneDraw,
    draw_list,
    draw_text,
    log_page,
)
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
    ]
