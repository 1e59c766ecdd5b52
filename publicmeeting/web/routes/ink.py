"""A mayor's handwriting, and the straightening of her photographed paper.

Handwriting is saved stroke by stroke and loaded by the tab that opens next. Straightening suggests
corners, and makes the sheet between them.
"""

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
from publicmeeting.domain.orders.ink import strokes_text
from publicmeeting.media.intake.photo import own_drawing
from publicmeeting.media.objects import on_disk
from publicmeeting.media.straightening.edges import suggested
from publicmeeting.media.straightening.perspective import Corners, checked
from publicmeeting.media.straightening.straighten import straightened
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.orders.order_checks import INK_MOST
from publicmeeting.usecases.orders.paper.drafts import (
    WORDS,
    KeepUnfinished,
    OneSheet,
    draft_owner,
    keep_unfinished,
    unfinished_sheet,
)
from publicmeeting.usecases.orders.paper.straightening import (
    KeepStraightened,
    OnePaper,
    Paper,
    keep_straightened,
    paper_to_straighten,
)
from publicmeeting.web import browser
from publicmeeting.web.routes.photos import NO_STORE, refused, taken_in

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
    """`?owner=` → `{page, strokes, words: {name: text}}`, or `{error, key}`."""
    application, keys = browser.application(request), browser.keys(request)
    owner = request.query_params.get("owner", "")
    command = OneSheet(code=request.path_params["code"], owner=owner)
    try:
        await refuse_another(application, keys, owner)
        sheet = await browser.query(request, unfinished_sheet, command)
    except Refusal as refusal:
        return refused(refusal)
    words = json.dumps({name: sheet.fields.get(name, "") for name in sorted(WORDS)})
    text = f'{{"page":{sheet.page},"strokes":{strokes_text(sheet.strokes)},"words":{words}}}'
    return Response(text, media_type="application/json", headers=NO_STORE)


async def keep(request: Request) -> Response:
    """`{page, ago, owner, tab, turn, add: [stroke], drop: [id], words: {name: text}}` →
    `{page, gone}`.

    `gone`, if any, are ids of sent strokes that were erased or are on an issued order.
    409 with the new page, `gone`, and `issued`, the names of texts that are on that order, if the
    sheet has become an order meanwhile; else `{error}`.
    """
    code = request.path_params["code"]
    try:
        # Check access before reading the body: up to two megabytes are held in memory.
        await browser.query(request, unfinished_sheet, OneSheet(code=code))
        command = _read(await request.body(), code)
        saved = await browser.execute(request, keep_unfinished, command)
    except Refusal as refusal:
        if refusal.key == "page_issued":
            return JSONResponse(refusal.facts, _ISSUED, headers=NO_STORE)
        return refused(refusal)
    gone = {"gone": sorted(saved.gone)} if saved.gone else {}
    return JSONResponse({"page": saved.page, **gone}, headers=NO_STORE)


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
            tab=sent.get("tab", ""),
            turn=sent.get("turn", 0),
            fields=sent.get("words") or {},
            add=json.dumps(add) if add else "",
            drop=tuple(sent.get("drop") or ()),
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise Denied("form_broken") from None


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
        image = await browser.execute(request, keep_straightened, command)
    except Refusal as refusal:
        return refused(refusal)
    return taken_in(image)


async def _paper(request: Request) -> Paper:
    command = OnePaper(id=request.path_params["id"])
    return await browser.execute(request, paper_to_straighten, command)


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
        Route("/ink/{code}", give, methods=["GET"]),
        Route("/ink/{code}", keep, methods=["POST"], max_body_size=2 * INK_MOST),
        Route("/papers/{id}/corners", corners),
        Route("/papers/{id}", straighten, methods=["POST"], max_body_size=browser.FORM_BYTES),
    ]
