"""Sign-in by passkey: the options for the browser, and its answer as a plain form."""

from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Refusal, Unavailable
from publicmeeting.kit.figures import REFUSALS
from publicmeeting.text.refusals.refusals_text import refusal as sentence
from publicmeeting.usecases.accounts.factors.passkeys import REFUSED, Answer, Site, ask_touch, touch
from publicmeeting.usecases.base import UseCase
from publicmeeting.web import browser
from publicmeeting.web.addresses import local, read_next, see_other
from publicmeeting.web.layers.faults import unavailable_status
from publicmeeting.web.plain.second_step import CREDENTIAL, signed_in_with
from publicmeeting.web.routes.sign_in import STAFF_DOOR

NO_SCRIPT = "passkey_no_script"
_REFUSED = 409


def site(request: Request) -> Site:
    settings = browser.settings(request)
    return Site(host=urlsplit(settings.public_url).hostname or "", origins=settings.origins)


async def options(request: Request, usecase: UseCase[Site, dict[str, object]]) -> Response:
    """Return the options for the browser as JSON; a refusal as a sentence for the script."""
    try:
        asked = await browser.application(request).execute(
            usecase, browser.keys(request), site(request)
        )
    except Refusal as refusal:
        status = unavailable_status(refusal) if isinstance(refusal, Unavailable) else _REFUSED
        return PlainTextResponse(sentence(refusal.key, **refusal.facts), status)
    return JSONResponse(asked, headers={"Cache-Control": "no-store"})


async def ask(request: Request) -> Response:
    return await options(request, ask_touch)


async def come_in(request: Request) -> Response:
    """`credential` → a session, and on to `next`, else to the start page of the role."""
    form = await browser.form(request)
    origins = browser.settings(request).origins
    onward = local("", read_next(request, origins), browser.word(form, "next"))
    here = f"{STAFF_DOOR}?{urlencode({'next': onward})}" if onward else STAFF_DOOR
    credential = browser.word(form, CREDENTIAL)
    if not credential:
        return see_other(here, Denied(NO_SCRIPT))
    bound = site(request)
    command = Answer(host=bound.host, origins=bound.origins, credential=credential)
    try:
        entry = await browser.application(request).execute(touch, browser.keys(request), command)
    except Refusal as refusal:
        return see_other(here, Denied(REFUSED) if refusal.key == "not_found" else refusal)
    if entry.refusal:
        REFUSALS.labels(entry.refusal).inc()
        return see_other(here, Denied(entry.refusal))
    return await signed_in_with(request, entry, onward)


def routes() -> list[Route]:
    return [
        Route(path, endpoint, methods=["POST"], max_body_size=browser.FORM_BYTES)
        for path, endpoint in (("/auth/passkey/options", ask), ("/auth/passkey", come_in))
    ]
