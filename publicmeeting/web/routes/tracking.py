"""Tracking a request by its code, as an ordinary form that works before JavaScript runs.

The client's address is known here; tries are limited by address, by visit and by code.
"""

from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Refusal
from publicmeeting.usecases.accounts.signing_in.proof_of_work import NEEDED, Purpose
from publicmeeting.usecases.tracking.by_code import TRIED, Track, track, typed_digits
from publicmeeting.web import browser
from publicmeeting.web.addresses import local, see_other
from publicmeeting.web.browser import drop, set_tried
from publicmeeting.web.routes import proof_of_work

PAGE = "/track/"


async def find(request: Request) -> Response:
    """`code` and `last_four` → this visit may see the stages for a day; on to `back` or the page.

    The code is in the address only after it was found, the four digits never.
    """
    application = browser.application(request)
    here, code = PAGE, ""
    try:
        form = await proof_of_work.form_of(request)
        code = typed_digits(browser.word(form, "code"))
        here = urlsplit(local(PAGE, browser.word(form, "back"))).path
        command = Track(
            code=code,
            last_four=browser.word(form, "last_four"),
            proof=browser.word(form, proof_of_work.PROOF),
        )
        found, why = await application.execute(track, browser.keys(request), command)
        if why == NEEDED:
            return await proof_of_work.ask(request, Purpose.TRACK, form, back=here, onward="")
        if not found:
            raise Denied(why)
    except Refusal as refusal:
        answer = see_other(here, refusal)
        set_tried(application.cookies, answer, code)
        return answer
    answer = see_other(f"{here}?{urlencode({'code': code})}")
    drop(application.cookies, answer, TRIED)
    return answer


def routes() -> list[Route]:
    return [Route("/auth/track", find, methods=["POST"], max_body_size=browser.FORM_BYTES)]
