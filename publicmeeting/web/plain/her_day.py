"""The citizen's Monday without scripts: reloads every 30 seconds, with one button when called."""

from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Invalid, Unavailable
from publicmeeting.domain.my_day import MyDay
from publicmeeting.domain.stages import Action
from publicmeeting.text.tracking import day_text, day_words
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.web import browser
from publicmeeting.web.addresses import see_other
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import NOTHING, el
from publicmeeting.web.plain.page import MINE

REFRESH_SECONDS = "30"


def day_part(code: str, day: MyDay, *, may_come: bool) -> Markup:
    """Return what has happened, what to do next, her number, and the progress of the day."""
    tone = "saffron" if day.is_called else "neutral"
    words = day_words.words_of(day)
    answer = (
        el(
            "div",
            elements.form(f"{MINE}{code}/coming/", elements.button(words.answer)),
            el("p", words.answer_why),
        )
        if may_come
        else NOTHING
    )
    number = el("p", day_text.NUMBER, " ", el("strong", words.number, class_="text-num-l"))
    lines = (words.before, words.inside, words.entry, words.right, words.passed)
    again = el("p", elements.link(day_text.REFRESH, f"{MINE}{code}/"), class_="mt-2")
    return el(
        "section",
        elements.notice(words.head, el("p", words.means), tone=tone),
        answer,
        *((number, *(el("p", line) for line in lines if line)) if day.is_followed else ()),
        elements.muted(day_text.PLAIN_REFRESH),
        again,
        class_="grid gap-3 mb-6",
    )


async def come(request: Request) -> Response:
    """Record «دارم می‌آیم» (she is coming); back to her page, with the refusal if there is one."""
    code = request.path_params["code"]
    command = TakeStep(code=code, action=Action.COMING)
    here = f"{MINE}{quote(code, safe='')}/"
    try:
        await browser.application(request).execute(take_step, browser.keys(request), command)
    except (Denied, Invalid, Unavailable) as refused:
        return see_other(here, refused)
    return see_other(here)


def routes() -> list[Route]:
    return [
        Route(f"{MINE}{{code}}/coming/", come, methods=["POST"], max_body_size=browser.FORM_BYTES)
    ]
