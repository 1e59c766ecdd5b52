"""Looking a request up by its code: an ordinary form, so that it works before JavaScript has come.

Here the client's address is known, by which tries are counted as well as by visit and by code.
"""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Refusal
from publicmeeting.usecases.code_tracking import Track, track, typed_digits
from publicmeeting.web import browser
from publicmeeting.web.back import see_other

PAGE = "/track/"


async def find(request: Request) -> Response:
    """`code` and `last_four` → this visit may look at the stages for a day; the code stays in the
    address, the four digits nowhere."""
    form = await browser.form(request)
    code = typed_digits(browser.word(form, "code"))
    wish = Track(
        code=code, last_four=browser.word(form, "last_four"), address=browser.address(request)
    )
    here = f"{PAGE}?{urlencode({'code': code})}" if code.isdecimal() else PAGE
    try:
        found, why = await browser.office(request).perform(track, browser.keys(request), wish)
    except Refusal as refusal:
        return see_other(here, refusal)
    return see_other(here) if found else see_other(here, Denied(why))


def routes() -> list[Route]:
    return [Route("/auth/track", find, methods=["POST"], max_body_size=browser.FORM_BYTES)]
