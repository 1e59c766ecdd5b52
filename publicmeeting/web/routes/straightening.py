"""Straightening of a mayor's photographed paper: suggested corners, and the sheet between them."""

import json
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from publicmeeting.application import Application
from publicmeeting.domain.errors import Denied, Invalid, Refusal
from publicmeeting.media.intake.photo import own_drawing
from publicmeeting.media.objects import on_disk
from publicmeeting.media.straightening.edges import suggested
from publicmeeting.media.straightening.perspective import Corners, checked
from publicmeeting.media.straightening.straighten import straightened
from publicmeeting.usecases.orders.paper.straightening import (
    KeepStraightened,
    OnePaper,
    Paper,
    keep_straightened,
    paper_to_straighten,
)
from publicmeeting.web import browser
from publicmeeting.web.routes.photos import NO_STORE, refused, taken_in

R = TypeVar("R")


async def corners(request: Request) -> Response:
    """`{"corners": [[x, y], …]}`: fractions of the shown picture, clockwise from the top left."""
    try:
        paper = await _paper(request)
        found = await _in_thread(
            request, lambda application: suggested(_photograph(application, paper))
        )
    except Refusal as refusal:
        return refused(refusal)
    return JSONResponse({"corners": found}, headers=NO_STORE)


async def straighten(request: Request) -> Response:
    """`{"corners": …}` → what `/photos` answers for a picture, or `{error: sentence}`."""
    try:
        four = checked(_posted_corners(await request.body()))
        paper = await _paper(request)
        made = await _in_thread(request, lambda application: _made(application, paper, four))
        command = made.model_copy(update={"paper": request.path_params["id"]})
        application = browser.application(request)
        image = await application.execute(keep_straightened, browser.keys(request), command)
    except Refusal as refusal:
        return refused(refusal)
    return taken_in(image)


async def _paper(request: Request) -> Paper:
    command = OnePaper(id=request.path_params["id"])
    return await browser.application(request).execute(
        paper_to_straighten, browser.keys(request), command
    )


def _posted_corners(body: bytes) -> list[list[float]]:
    try:
        found: list[list[float]] = json.loads(body)["corners"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Invalid("corners_unreadable", field="corners") from None
    return found


def _photograph(application: Application, paper: Paper) -> bytes:
    """Return the original of the camera; if it is lost, the version that the page shows."""
    try:
        return application.originals.get(paper.original_file or "")
    except KeyError:
        pass
    try:
        return application.images.get(paper.web)
    except KeyError:
        raise Denied("not_found") from None


@on_disk()
def _made(application: Application, paper: Paper, four: Corners) -> KeepStraightened:
    photo = own_drawing(straightened(_photograph(application, paper), four))
    return KeepStraightened(
        paper="",
        web=application.images.put(photo.web),
        thumb=application.images.put(photo.thumb),
        width=photo.width,
        height=photo.height,
    )


async def _in_thread(request: Request, work: Callable[[Application], R]) -> R:
    """Run in the threads that decode photos, so that commands keep theirs."""
    limiter: anyio.CapacityLimiter = request.app.state.decoding
    return await anyio.to_thread.run_sync(work, browser.application(request), limiter=limiter)


def routes() -> list[Route]:
    return [
        Route("/papers/{id}/corners", corners),
        Route("/papers/{id}", straighten, methods=["POST"], max_body_size=browser.FORM_BYTES),
    ]
