"""Where witnesses send their cosignatures: by whatever program, without a cookie or an account."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.public_record.cosigning import Cosign, cosign
from publicmeeting.web import browser

_NOTE_BYTES = 64 * 1024
_STATUS = {
    "witness_unknown": HTTPStatus.FORBIDDEN,
    "too_busy": HTTPStatus.SERVICE_UNAVAILABLE,
}
_NO_STORE = {"Cache-Control": "no-store"}


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
    return [Route("/log/cosignature", cosignature, methods=["POST"], max_body_size=_NOTE_BYTES)]
