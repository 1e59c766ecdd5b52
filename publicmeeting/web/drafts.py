"""The native form of each step of a request: stores what was typed, leads to the next step."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Invalid, Refusal
from publicmeeting.usecases.booking import DRAFT_FIELDS, SaveDraft, save_draft
from publicmeeting.web import browser
from publicmeeting.web.back import local, see_other

WIZARD = "/request/"
STEPS = ("1", "2", "3")
"""Those that have a form of the draft."""


async def keep(request: Request) -> Response:
    """Any fields of the draft → kept; to `next`, else to the step after `step`.

    Several values of one field are joined by commas.

    What is too long is not kept, everything else is: nothing she typed may be lost by one field.
    """
    form = await browser.form(request)
    fields: dict[str, str] = {}
    for name in DRAFT_FIELDS & set(form):
        fields[name] = ",".join(text for text in form.getlist(name) if isinstance(text, str))
    office, keys = browser.office(request), browser.keys(request)
    step = browser.word(form, "step")
    step = step if step in STEPS else STEPS[0]
    here, onward = f"{WIZARD}?step={step}", f"{WIZARD}?step={int(step) + 1}"
    first: Refusal | None = None
    while True:
        try:
            await office.perform(save_draft, keys, SaveDraft(fields=fields))
            break
        except Invalid as refusal:
            first = first or refusal
            del fields[refusal.field]
        except Refusal as refusal:
            return see_other(here, refusal)
    if first is not None:
        return see_other(here, first)
    return see_other(local(onward, browser.word(form, "next")))


def routes() -> list[Route]:
    return [Route("/draft", keep, methods=["POST"], max_body_size=4 * browser.FORM_BYTES)]
