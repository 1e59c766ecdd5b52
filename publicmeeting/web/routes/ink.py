"""A mayor's handwriting, saved stroke by stroke and loaded by the tab that opens next."""

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from publicmeeting.application import Application
from publicmeeting.domain.errors import Denied, Refusal
from publicmeeting.domain.orders.ink import strokes_text
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.orders.order_checks import INK_MOST
from publicmeeting.usecases.orders.paper.drafts import (
    KeepUnfinished,
    OneSheet,
    draft_owner,
    keep_unfinished,
    unfinished_sheet,
)
from publicmeeting.web import browser
from publicmeeting.web.routes.photos import NO_STORE, refused

_ISSUED = 409


async def refuse_another(application: Application, keys: Keys, owner: str) -> None:
    """Raise Denied("other_official") if somebody else has signed in on the owner's tablet.

    Checked first, so that a later refusal because of the role or the visitor is about the owner.
    """
    if not owner:
        return
    try:
        current = await application.query(draft_owner, keys, Nothing())
    except Denied as refusal:
        if refusal.key != "not_your_role":
            raise
        current = ""  # no official
    if current != owner:
        raise Denied("other_official")


async def give(request: Request) -> Response:
    """`?owner=` → `{page, strokes}`, or `{error, key}`."""
    application, keys = browser.application(request), browser.keys(request)
    owner = request.query_params.get("owner", "")
    command = OneSheet(code=request.path_params["code"], owner=owner)
    try:
        await refuse_another(application, keys, owner)
        sheet = await application.query(unfinished_sheet, keys, command)
    except Refusal as refusal:
        return refused(refusal)
    text = f'{{"page":{sheet.page},"strokes":{strokes_text(sheet.strokes)}}}'
    return Response(text, media_type="application/json", headers=NO_STORE)


async def keep(request: Request) -> Response:
    """`{page, ago, owner, add: [stroke], drop: [id], words: {name: text}}` → `{page, gone}`.

    `gone`, if any, are ids of sent strokes that were erased or are on an issued order.
    409 with the new page if the sheet has become an order meanwhile, else `{error}`.
    """
    application, keys = browser.application(request), browser.keys(request)
    code = request.path_params["code"]
    try:
        # Check access before reading the body: up to two megabytes are held in memory.
        await application.query(unfinished_sheet, keys, OneSheet(code=code))
        command = _read(await request.body(), code)
        kept = await application.execute(keep_unfinished, keys, command)
    except Refusal as refusal:
        if refusal.key == "page_issued":
            return JSONResponse(refusal.facts, _ISSUED, headers=NO_STORE)
        return refused(refusal)
    gone = {"gone": sorted(kept.gone)} if kept.gone else {}
    return JSONResponse({"page": kept.page, **gone}, headers=NO_STORE)


def _read(body: bytes, code: str) -> KeepUnfinished:
    """Parse a request; raises Denied("form_broken")."""
    try:
        sent = json.loads(body)
        add = sent.get("add") or []
        return KeepUnfinished(
            code=code,
            page=sent.get("page", 0),
            ago=sent.get("ago", 0),
            owner=sent.get("owner", ""),
            fields=sent.get("words") or {},
            add=json.dumps(add) if add else "",
            drop=tuple(sent.get("drop") or ()),
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise Denied("form_broken") from None


def routes() -> list[Route]:
    return [
        Route("/ink/{code}", give, methods=["GET"]),
        Route("/ink/{code}", keep, methods=["POST"], max_body_size=2 * INK_MOST),
    ]
