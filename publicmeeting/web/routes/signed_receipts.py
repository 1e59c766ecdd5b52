"""Her signed receipts: each as a file she keeps and as a QR of the whole of it, and all as JSON for
the page that checks them."""

from collections.abc import Mapping
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied
from publicmeeting.kit.jalali import moment_words
from publicmeeting.media.sheets.qr import qr_svg
from publicmeeting.text.public_record import log_text
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.filing.signed_receipts import (
    OneReceipt,
    SignedReceipt,
    one_receipt,
    signed_receipts,
)
from publicmeeting.web import browser
from publicmeeting.web.plain.page import not_found
from publicmeeting.web.routes.pictures import PRIVATE

_PLAIN = "text/plain; charset=utf-8"


async def receipts(request: Request) -> Response:
    """What the newest entries about a ticket say, with the notes; 404 for everybody else."""
    command = OneCase(code=request.path_params["code"])
    try:
        found = await browser.application(request).query(
            signed_receipts, browser.keys(request), command
        )
    except Denied:
        return not_found(request, PRIVATE)
    body = {
        "code": found.code,
        "ticket": found.ticket,
        "origin": found.origin,
        "keys": list(found.keys),
        "receipts": [_line(one) for one in found.receipts],
    }
    return JSONResponse(body, headers=PRIVATE)


async def receipt_file(request: Request) -> Response:
    """One note, to the byte."""
    found = await _one(request)
    if found is None:
        return not_found(request, PRIVATE)
    name = f"receipt-{request.path_params['code']}-{found.entry.seq}.txt"
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(found.note.encode(), media_type=_PLAIN, headers=headers)


async def receipt_code(request: Request) -> Response:
    """The whole note as a QR."""
    found = await _one(request)
    if found is None:
        return not_found(request, PRIVATE)
    try:
        drawing = qr_svg(found.note)
    except ValueError:  # an entry too long for any QR: the file has it
        return not_found(request, PRIVATE)
    return Response(drawing, media_type="image/svg+xml", headers=PRIVATE)


async def _one(request: Request) -> SignedReceipt | None:
    command = OneReceipt(code=request.path_params["code"], seq=request.path_params["seq"])
    try:
        return await browser.application(request).query(one_receipt, browser.keys(request), command)
    except Denied:
        return None


def _line(one: SignedReceipt) -> Mapping[str, object]:
    return {
        "seq": one.entry.seq,
        "what": log_text.KIND[one.entry.kind],
        "at": moment_words(datetime.fromisoformat(one.entry.at)),
        "note": one.note,
    }


def routes() -> list[Route]:
    return [
        Route("/receipts/{code}.json", receipts),
        Route("/receipts/{code}/{seq:int}.txt", receipt_file),
        Route("/receipts/{code}/{seq:int}.svg", receipt_code),
    ]
