"""Forms that work before JavaScript runs: each step of a request, and tracking by code.

A step stores its input and leads to the next one. The client's address is known here; tries of a
code are limited by address, by visit and by code.
"""

from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Invalid, Refusal
from publicmeeting.usecases.accounts.signing_in.proof_of_work import NEEDED, Purpose
from publicmeeting.usecases.filing.submitting import FIELD_MOST, SaveDraft, save_draft, too_long
from publicmeeting.usecases.tracking.by_code import TRIED, Track, track, typed_digits
from publicmeeting.web import browser
from publicmeeting.web.addresses import local, see_other
from publicmeeting.web.browser import drop, set_tried
from publicmeeting.web.routes import proof_of_work

WIZARD = "/request/"
STEPS = ("1", "2", "3")
"""Steps that have a form of the draft."""
BYTES = 4 * browser.FORM_BYTES


async def keep(request: Request) -> Response:
    """Store any fields of the draft; on to `next`, else to the step after `step`.

    Several values of one field are joined by commas. Input that is too long to be filed is stored
    and leads back. Input longer than any draft is not stored, but all other fields are, so that one
    field does not lose the rest.
    """
    form = await browser.form(request, BYTES)
    fields: dict[str, str] = {}
    for name in FIELD_MOST.keys() & set(form):
        fields[name] = ",".join(text for text in form.getlist(name) if isinstance(text, str))
    step = browser.word(form, "step")
    step = step if step in STEPS else STEPS[0]
    here, onward = f"{WIZARD}?step={step}", f"{WIZARD}?step={int(step) + 1}"
    first: Refusal | None = None
    while True:
        try:
            await browser.execute(request, save_draft, SaveDraft(fields=fields))
            break
        except Invalid as refusal:
            first = first or refusal
            del fields[refusal.field]
        except Refusal as refusal:
            return see_other(here, refusal)
    first = first or next(too_long(fields), None)
    if first is not None:
        return see_other(here, first)
    return see_other(local(onward, browser.word(form, "next")))


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
        found, why = await browser.execute(request, track, command)
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
    return [
        Route("/draft", keep, methods=["POST"], max_body_size=BYTES),
        Route("/auth/track", find, methods=["POST"], max_body_size=browser.FORM_BYTES),
    ]
