"""Where witnesses send their words: signed, by whatever program, without a cookie or an account."""

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeVar

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.base import Command, UseCase
from publicmeeting.usecases.line.witness_words import Commit, commit
from publicmeeting.usecases.public_record.cosigning import Cosign, cosign
from publicmeeting.web import browser

W = TypeVar("W", bound=Command)
_WORD_BYTES, _NOTE_BYTES = 4096, 64 * 1024
_STATUS = {
    "monday_unknown": HTTPStatus.NOT_FOUND,
    "witness_unknown": HTTPStatus.FORBIDDEN,
    "witness_signature": HTTPStatus.FORBIDDEN,
    "too_busy": HTTPStatus.SERVICE_UNAVAILABLE,
}
_NO_STORE = {"Cache-Control": "no-store"}


def _word(kind: type[W], usecase: UseCase[W, int]) -> Callable[[Request], Awaitable[Response]]:
    async def take(request: Request) -> Response:
        """JSON with exactly the keys of the log's entry → its number."""
        try:
            command = kind.model_validate(json.loads(await request.body()))
        except (ValidationError, ValueError, RecursionError):
            return _refused(Invalid("witness_word"))
        try:
            seq = await browser.application(request).execute(usecase, Keys(), command)
        except (Denied, Invalid) as refused:
            return _refused(refused)
        return JSONResponse({"seq": seq}, headers=_NO_STORE)

    return take


async def cosignature(request: Request) -> Response:
    """A note with a witness's line → the note of that size with all lines."""
    try:
        command = Cosign(note=(await request.body()).decode())
    except UnicodeDecodeError:
        return _refused(Invalid("note_malformed"))
    try:
        note = await browser.application(request).execute(cosign, Keys(), command)
    except (Denied, Invalid) as refused:
        return _refused(refused)
    return PlainTextResponse(note, headers=_NO_STORE)


def _refused(refused: Denied | Invalid) -> Response:
    usual = HTTPStatus.BAD_REQUEST if isinstance(refused, Invalid) else HTTPStatus.CONFLICT
    status = _STATUS.get(refused.key, usual)
    return PlainTextResponse(refusal(refused.key, **refused.facts), status, headers=_NO_STORE)


def routes() -> list[Route]:
    return [
        Route(
            "/log/commitment",
            _word(Commit, commit),
            methods=["POST"],
            max_body_size=_WORD_BYTES,
        ),
        Route("/log/cosignature", cosignature, methods=["POST"], max_body_size=_NOTE_BYTES),
    ]
