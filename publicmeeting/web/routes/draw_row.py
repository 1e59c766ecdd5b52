"""What a telephone fetches to prove one row, and to know the log's name and keys."""

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.public_record.draw_row import OneRow, draw_row, log_now
from publicmeeting.web import browser
from publicmeeting.web.plain.page import not_found

_UNTIL_ASKED = {"Cache-Control": "public, no-cache"}


async def row(request: Request) -> Response:
    """One row of a list with its path into the list's root; `null` where it has no such row, which
    is an answer like another: whoever asks about a ticket of last week has made no mistake."""
    query = OneRow(draw=request.path_params["draw"], ticket=request.path_params["ticket"])
    try:
        found = await browser.application(request).query(draw_row, Keys(), query)
    except Denied:
        return JSONResponse(None, headers=_UNTIL_ASKED)
    return JSONResponse(asdict(found), headers=_UNTIL_ASKED)


async def now(request: Request) -> Response:
    """The log's name, keys and witnesses, and what its own audit found last."""
    try:
        found = await browser.application(request).query(log_now, Keys(), Nothing())
    except Denied:
        return not_found(request, _UNTIL_ASKED)
    return JSONResponse(asdict(found), headers=_UNTIL_ASKED)


def routes() -> list[Route]:
    return [Route("/draws/{draw}/row/{ticket}", row), Route("/verify/now.json", now)]
