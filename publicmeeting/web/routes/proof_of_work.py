"""Page between a form and its answer: the browser computes a proof, or its user waits.

It is the answer to the form itself, so every form works with it and no input is lost: the fields
are in the page, sealed for this visit.
"""

import functools
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from publicmeeting.config import PROJECT
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.usecases.accounts.signing_in.proof_of_work import (
    AskProof,
    Purpose,
    SealedForm,
    new_challenge,
    sent_fields,
)
from publicmeeting.web import browser
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import el
from publicmeeting.web.plain.page import page

FORM, PROOF = "form", "proof"
"""Fields of the page's own form."""
BACK, NEXT = "back", "next"
_SHA256 = PROJECT / "publicmeeting" / "ui" / "shell" / "sha256.js"
"""The project's only SHA-256 in JavaScript; a page on plain http has no `crypto.subtle`."""
_SOLVE = Path(__file__).with_suffix(".js")
_ASK = 429


async def form_of(request: Request) -> Mapping[str, object]:
    """Return the fields of a form, or of the form that the proof page carries, with `proof`."""
    form = await browser.form(request)
    sealed = browser.word(form, FORM)
    if not sealed:
        return form
    command = SealedForm(form=sealed)
    fields = await browser.query(request, sent_fields, command)
    return {**fields, PROOF: browser.word(form, PROOF)}


async def ask(
    request: Request, purpose: Purpose, form: Mapping[str, object], *, back: str, onward: str
) -> Response:
    """Return the page; `back` is the form's page, `onward` where a right answer leads.

    Both come from the form's Referer, which the next request does not have.
    """
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    fields |= {BACK: back, NEXT: onward}
    fields.pop(PROOF, None)
    command = AskProof(purpose=purpose.value, fields=fields)
    puzzle = await browser.execute(request, new_challenge, command)
    action = el(
        "form",
        elements.hidden(**{FORM: puzzle.form, PROOF: f"{puzzle.text}."}),
        el("noscript", el("p", chrome_text.PROOF_WAIT.format(seconds=persian(puzzle.wait)))),
        el("p", chrome_text.PROOF_WORKING, id="working", role="status", hidden=True),
        elements.button(chrome_text.PROOF_GO_ON),
        method="post",
        action=request.url.path,
        id="proof",
        data_text=puzzle.text,
        data_bits=str(puzzle.bits),
        class_="mt-4 grid gap-6",
    )
    return page(
        chrome_text.PROOF_TITLE,
        elements.title(chrome_text.PROOF_TITLE),
        el("p", chrome_text.PROOF_WHY),
        el("p", chrome_text.PROOF_SAVED, class_="mt-2 text-ink2"),
        action,
        el("p", elements.link(chrome_text.PROOF_BACK, back), class_="mt-8"),
        status=_ASK,
        script=_script(),
    )


@functools.cache
def _script() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in (_SHA256, _SOLVE))
