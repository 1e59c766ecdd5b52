"""Reads a QR code in a camera frame of reception, for browsers that cannot."""

from typing import IO

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from publicmeeting.domain.errors import Refusal
from publicmeeting.media.sheets.qr import read_qr
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.in_hall.passes import code_in, may_scan
from publicmeeting.web import browser
from publicmeeting.web.routes import photos
from publicmeeting.web.routes.photos import NO_STORE, refused


async def scan(request: Request) -> Response:
    """A picture → `{code}`, empty if it has none; the picture is not stored."""
    try:
        await browser.application(request).execute(may_scan, browser.keys(request), Nothing())
        limiter: anyio.CapacityLimiter = request.app.state.decoding
        async with photos.receive(request) as sent:
            text = await anyio.to_thread.run_sync(_read, sent.whole(), limiter=limiter)
    except Refusal as refusal:
        return refused(refusal)
    return JSONResponse({"code": code_in(text)}, headers=NO_STORE)


def _read(frame: IO[bytes]) -> str:
    return read_qr(frame.read()) or ""


def routes() -> list[Route]:
    return [Route("/scan", scan, methods=["POST"], max_body_size=photos.MOST_BYTES)]
