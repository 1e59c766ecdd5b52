"""One tap to be somebody of the pretend city. In a real one this door is a wall."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied
from publicmeeting.store.accounts.sessions import STAFF_STAYS
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.accounts.demo import Play, play
from publicmeeting.web import browser
from publicmeeting.web.back import local
from publicmeeting.web.entry import MINE, signed_in, workplace


async def become(request: Request) -> Response:
    """`who` → her session; a citizen at her case, an official where her role begins.

    Refused unless this installation is the demo and its database says so too.
    """
    form = await browser.form(request)
    if not browser.settings(request).is_demo:
        return _nobody()
    command = Play(who=browser.word(form, "who"))
    try:
        key, code = await browser.application(request).execute(play, browser.keys(request), command)
    except Denied:
        return _nobody()
    begins = f"{MINE}{code}/" if code else await workplace(request, key)
    onward = local(begins, browser.word(form, "next"))
    return await signed_in(request, key, STAFF_STAYS, onward)


def _nobody() -> Response:
    return PlainTextResponse(refusal("not_found"), 404)


def routes() -> list[Route]:
    return [Route("/auth/demo", become, methods=["POST"], max_body_size=browser.FORM_BYTES)]
