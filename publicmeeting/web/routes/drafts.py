"""Native form of each step of a request: stores the input and leads to the next step."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Invalid, Refusal
from publicmeeting.usecases.filing.submitting import FIELD_MOST, SaveDraft, save_draft, too_long
from publicmeeting.web import browser
from publicmeeting.web.addresses import local, see_other

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
    application, keys = browser.application(request), browser.keys(request)
    step = browser.word(form, "step")
    step = step if step in STEPS else STEPS[0]
    here, onward = f"{WIZARD}?step={step}", f"{WIZARD}?step={int(step) + 1}"
    first: Refusal | None = None
    while True:
        try:
            await application.execute(save_draft, keys, SaveDraft(fields=fields))
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


def routes() -> list[Route]:
    return [Route("/draft", keep, methods=["POST"], max_body_size=BYTES)]
