"""Form of the question whether a mobile still has the same owner.

It works without scripts, because only an HTTP answer can set the cookie that prevents another
question in this browser.
"""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Refusal, Unavailable
from publicmeeting.text.filing import whose_text
from publicmeeting.text.refusals.refusals_text import refusal_in
from publicmeeting.usecases.accounts.person.recycled import LastDigits, answer_who, is_asked_who
from publicmeeting.usecases.base import Nothing
from publicmeeting.web import browser
from publicmeeting.web.addresses import local, see_other
from publicmeeting.web.browser import set_device
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import el
from publicmeeting.web.plain.page import page

ADDRESS = "/enter/identity/"
MINE = "/mine/"
DOOR = "/enter/"
FILING = "/request/"


async def ask(request: Request) -> Response:
    """Ask the question; redirect to `next` if it need not be asked."""
    onward = local(MINE, request.query_params.get("next", ""))
    try:
        is_asked = await browser.application(request).query(
            is_asked_who, browser.keys(request), Nothing()
        )
    except Denied as denied:
        return _refused(denied, onward)
    if not is_asked:
        return see_other(onward)
    digits = elements.digits(
        whose_text.MOBILE_DIGITS,
        "digits",
        hint=whose_text.MOBILE_HINT,
        error=refusal_in(request.query_params),
    )
    go_on = elements.hidden(next=onward), elements.button(whose_text.MOBILE_SHOW)
    own = elements.link(whose_text.MOBILE_FILE, FILING)
    return page(
        whose_text.MOBILE_TITLE,
        el(
            "div",
            el(
                "div",
                elements.title(whose_text.MOBILE_TITLE),
                elements.muted(whose_text.MOBILE_WHY),
            ),
            elements.form(ADDRESS, digits, *go_on),
            elements.section(
                whose_text.MOBILE_NOT_MINE,
                elements.muted(whose_text.MOBILE_NOT_MINE_WHY),
                el("p", own),
            ),
            class_="grid gap-6",
        ),
    )


async def answer(request: Request) -> Response:
    """`digits` → this browser may see her files; on to `next`."""
    form = await browser.form(request)
    onward = local(MINE, browser.word(form, "next"))
    command = LastDigits(digits=browser.word(form, "digits"))
    application = browser.application(request)
    try:
        device, why = await application.execute(answer_who, browser.keys(request), command)
    except (Denied, Unavailable) as denied:
        return see_other(onward) if denied.key == "not_found" else _refused(denied, onward)
    if why:
        return see_other(f"{ADDRESS}?next={quote(onward)}", Denied(why))
    answered = see_other(onward)
    set_device(application.cookies, answered, device)
    return answered


def _refused(denied: Refusal, onward: str) -> Response:
    """Without a session: the door, and back. An official has no mobile here."""
    if denied.key == "session_ended":
        return see_other(f"{DOOR}?next={quote(onward)}")
    return see_other(onward, denied)


def routes() -> list[Route]:
    return [
        Route(ADDRESS, ask, methods=["GET"]),
        Route(ADDRESS, answer, methods=["POST"], max_body_size=browser.FORM_BYTES),
    ]
