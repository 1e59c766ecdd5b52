"""One tap to become somebody of the pretend city; there is no such door in a real one."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied
from publicmeeting.usecases.demo import Play, play
from publicmeeting.web import browser
from publicmeeting.web.back import see_other
from publicmeeting.web.entry import workplace


async def enter(request: Request) -> Response:
    """`who` → a session, and the page where she begins; 404 outside the demo."""
    form = await browser.form(request)
    settings = browser.settings(request)
    if not settings.is_demo:
        return Response(status_code=404)
    try:
        wish = Play(who=browser.word(form, "who"))
        key, code = await browser.office(request).perform(play, browser.keys(request), wish)
    except Denied:
        return Response(status_code=404)
    page = f"/mine/{code}/" if code else await workplace(request, key)
    answer = see_other(page)
    browser.set_session(answer, key, browser.STAFF_STAYS, is_https=settings.is_https)
    return answer


def routes() -> list[Route]:
    return [Route("/auth/demo", enter, methods=["POST"], max_body_size=browser.FORM_BYTES)]
