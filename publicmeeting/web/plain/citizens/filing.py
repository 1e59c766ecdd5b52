"""Filing a request without scripts: each step is sent, stored on the server, and answered."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, FormError, Invalid, Refusal
from publicmeeting.domain.records import PictureKind
from publicmeeting.text.common import chrome_text
from publicmeeting.text.filing import filing_text
from publicmeeting.text.refusals.refusals_text import refusal as sentence
from publicmeeting.text.refusals.refusals_text import refusal_in
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.districts.places import LONGEST_QUERY, FindPlaces, search_places
from publicmeeting.usecases.filing.drafting import (
    Applicant,
    FilingPage,
    Linked,
    SpeakFor,
    drop_left,
    filing_page,
    keep_left,
    lacking,
    read_link,
    save_applicant,
    save_matter,
    speak_for,
    speak_for_another,
)
from publicmeeting.usecases.filing.pictures import OnePhoto, drop_photo
from publicmeeting.usecases.filing.submitting import (
    MatterForm,
    SaveDraft,
    Submit,
    save_draft,
    submit,
)
from publicmeeting.web import browser
from publicmeeting.web.addresses import see_other
from publicmeeting.web.layers.faults import refusal_status
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.citizens.sign_in import sign_in_form
from publicmeeting.web.plain.citizens.steps import (
    ADDRESS,
    LEFT,
    Sheet,
    district_step,
    furthest,
    left_question,
    link_question,
    matter_step,
    review_step,
    self_step,
)
from publicmeeting.web.plain.elements import el
from publicmeeting.web.plain.page import ENTER, MINE, RECEIPT, REFUSED, page
from publicmeeting.web.routes import photos

MATTER, SELF, REVIEW = 2, 3, 4
_DRAWN = {1: district_step, MATTER: matter_step, SELF: self_step, REVIEW: review_step}
_OF_STEP = {"district": 1, **dict.fromkeys(MatterForm.model_fields, MATTER)}
"""Step of each field, for refusals; all other fields are on the step about the citizen."""


async def show(request: Request) -> Response:
    """Show the step in the address, or the furthest one the draft has reached."""
    draft = await _read(request)
    if draft.left_at is not None and draft.is_left(at_step="step" in request.query_params):
        return page(filing_text.TITLE, left_question(draft.left_at, draft.now))
    last = furthest(draft)
    step = min(_step(request.query_params.get("step", ""), last), last)
    problem = refusal_in(request.query_params) if step != SELF else ""
    live = draft.live_code or ""
    if live and not problem:
        problem = f"{filing_text.LIVE_ONE} {filing_text.LIVE_ONE_WHY}"
    linked = read_link(request.query_params)
    if not live and (linked.fields or linked.unknown):
        return await _from_link(request, draft, linked)
    return await _draw(request, step, Sheet(draft), problem=problem, onward=_to_case(live))


async def answer_left(request: Request) -> Response:
    """Continue with a draft that was left in this browser, or drop it, as the visitor decides."""
    form = await browser.form(request)
    is_hers = browser.word(form, "mine") == "yes"
    draft = await browser.execute(request, keep_left if is_hers else drop_left, Nothing())
    return see_other(f"{ADDRESS}?step={furthest(draft)}")


async def _from_link(request: Request, draft: FilingPage, linked: Linked) -> Response:
    """Show the first step with what a link asks for; ask before replacing the citizen's choice.

    Nothing is stored yet, so an address that somebody made a browser open changes nothing.
    """
    problem = " ".join(filing_text.LINK_UNKNOWN[name] for name in linked.unknown)
    last, adds = furthest(draft), lacking(linked, draft.fields)
    if adds is None and draft.fields.get("district"):
        question = link_question(linked, draft.fields, last)
        refused = elements.notice(problem, tone="saffron")
        return page(filing_text.TITLE, refused, question)
    step = 1 if adds or last == 1 else last
    sheet = Sheet(draft, linked.fields)
    return await _draw(request, step, sheet, problem=problem, tone="saffron")


async def keep(request: Request) -> Response:
    """Store one step and go to the next, or show it again with the errors."""
    async with photos.files_of(request) as form:
        step = _step(browser.word(form, "step"), 1)
        try:
            match step:
                case 1:
                    return await _district(request, form)
                case 2:
                    return await _matter(request, form)
                case 3:
                    return await _herself(request, form)
            return await _review(request, form)
        except Refusal as refusal:
            errors, problem = _errors_of(refusal)
            if refusal.key == "sign_in_first":
                onward = _to_sign_in(form)
            else:
                onward = _to_case(str(refusal.facts.get("code", "")))
            status = refusal_status(refusal)
            return await _again(request, form, step, errors, problem, onward, status)


async def _district(request: Request, form: FormData) -> Response:
    chosen = browser.word(form, "pick") or browser.word(form, "district")
    linked = read_link({"subject": browser.word(form, "subject")}).fields
    await browser.execute(request, save_draft, SaveDraft(fields={**linked, "district": chosen}))
    if browser.word(form, "find") and not browser.word(form, "pick"):
        place = browser.word(form, "place")
        place_query = FindPlaces(query=place[:LONGEST_QUERY])
        found = await browser.query(request, search_places, place_query)
        sheet = Sheet(await _read(request), _typed(form), place=place, found=found)
        return await _draw(request, 1, sheet)
    if furthest(await _read(request)) == 1:
        raise Invalid("district_unknown" if chosen else "need_district", field="district")
    return await _onward(request, form, MATTER)


async def _matter(request: Request, form: FormData) -> Response:
    typed = _typed(form)
    matter = MatterForm(**{name: typed.get(name, "") for name in MatterForm.model_fields})
    wrong = await browser.execute(request, save_matter, matter)
    errors = {problem.field: sentence(problem.key, **problem.facts) for problem in wrong}
    try:
        for image in form.getlist("drop"):
            await browser.execute(request, drop_photo, OnePhoto(id=str(image)))
        await photos.take(request, PictureKind.DRAFT, "", form)
    except Refusal as refusal:
        errors["photos"] = sentence(refusal.key, **refusal.facts)
    if errors:
        return await _again(request, form, MATTER, errors)
    return await _onward(request, form, SELF)


async def _herself(request: Request, form: FormData) -> Response:
    if browser.word(form, "another"):
        await browser.execute(request, speak_for_another, Nothing())
        return see_other(f"{ADDRESS}?step={SELF}")
    typed = _typed(form)
    # Before anything else: if the session has ended, her other input must not be lost.
    own = {k: v for k, v in typed.items() if k in {"name", "needs", "prefers"}}
    await browser.execute(request, save_draft, SaveDraft(fields=own))
    if person := typed.get("person", ""):
        await browser.execute(request, speak_for, SpeakFor(person=person))
    command = Applicant(
        kind=typed.get("kind", "national"),
        identity="" if person else typed.get("identity", ""),
        name=typed.get("name", ""),
        needs=tuple(_several(form, "needs")),
        prefers=typed.get("prefers", "any"),
    )
    wrong = await browser.execute(request, save_applicant, command)
    if wrong:
        errors = {problem.field: sentence(problem.key, **problem.facts) for problem in wrong}
        return await _again(request, form, SELF, errors)
    if not command.identity:
        return see_other(f"{ADDRESS}?step={REVIEW}")
    return await _onward(request, form, REVIEW)


async def _review(request: Request, form: FormData) -> Response:
    to = browser.word(form, "to")
    typed = _typed(form)
    draft = await _read(request)
    if to:
        return await _draw(request, min(_step(to, 1), furthest(draft)), Sheet(draft, typed))
    if draft.live_code and not draft.fields:  # the form was sent twice
        return see_other(f"{RECEIPT}{draft.live_code}/")
    if typed.get("seen", "") not in {"", Sheet(draft).mark()}:
        raise Denied("review_changed")
    fields, identity = draft.fields, typed.get("identity", "")
    command = Submit(
        **{name: fields.get(name, "") for name in ("district", *MatterForm.model_fields)},
        needs=tuple(filter(None, fields.get("needs", "").split(","))),
        prefers=fields.get("prefers", "any"),
        kind=typed.get("kind", "national"),
        identity=identity,
        name=typed.get("name", fields.get("name", "")) if identity else "",
        person="" if identity else draft.person_id,
    )
    filed = await browser.execute(request, submit, command)
    return see_other(f"{RECEIPT}{filed.code}/")


async def _onward(request: Request, form: FormData, step: int) -> Response:
    """Redirect to the next step; render it directly if a form has to carry an identity."""
    typed = _typed(form)
    if not typed.get("identity"):
        return see_other(f"{ADDRESS}?step={step}")
    carried_on = {k: text for k, text in typed.items() if k in {"kind", "identity", "name"}}
    return await _draw(request, step, Sheet(await _read(request), carried_on))


async def _again(
    request: Request,
    form: FormData,
    step: int,
    errors: Mapping[str, str],
    problem: str = "",
    onward: Markup = elements.NOTHING,
    status: int = REFUSED,
) -> Response:
    """Show the step again, or the step with the refused field; all input is kept."""
    if step == REVIEW and errors:
        step = min(_OF_STEP.get(name, SELF) for name in errors)
    sheet = Sheet(await _read(request), _typed(form), errors)
    last = furthest(sheet.page)
    if step == REVIEW and not (last == SELF and sheet.value("identity")):
        step = last
    return await _draw(request, step, sheet, problem=problem, onward=onward, status=status)


async def _draw(
    request: Request,
    step: int,
    sheet: Sheet,
    *,
    problem: str = "",
    onward: Markup = elements.NOTHING,
    tone: str = "brick",
    status: int = 200,
) -> Response:
    """Return the whole page; `onward` is the link by which she goes on after `problem`."""
    shown: Sequence[str] = (_DRAWN[step](sheet),)
    if step >= SELF and not sheet.page.mobile:
        step, here = SELF, f"{ADDRESS}?step={SELF}"
        why = elements.muted(filing_text.SELF_WHY)
        inside = el("div", why, await sign_in_form(request, here, here), class_="grid gap-6")
        shown = (elements.title(filing_text.SELF_TITLE), inside)
    return page(
        filing_text.TITLE,
        elements.stepper(filing_text.STEPS, filing_text.STEPS_LABEL, step),
        el("div", elements.notice(problem, onward, tone=tone), class_="mb-4") if problem else "",
        *shown,
        status=status,
    )


async def _read(request: Request) -> FilingPage:
    return await browser.query(request, filing_page, Nothing())


def _to_case(code: str) -> Markup:
    """Return a link to the live request that a refusal is about, if it is about one."""
    return elements.link(filing_text.SEE_IT, f"{MINE}{code}/") if code else elements.NOTHING


def _to_sign_in(form: FormData) -> Markup:
    """Return a link to the sign-in, which leads back with the chosen district."""
    chosen = browser.word(form, "pick") or browser.word(form, "district")
    back = f"{ADDRESS}?{urlencode({'district': chosen})}" if chosen else ADDRESS
    return elements.link(chrome_text.ENTER, f"{ENTER}?{urlencode({'next': back})}")


def _errors_of(refusal: Refusal) -> tuple[Mapping[str, str], str]:
    """Return the sentences by field, and the general sentence."""
    match refusal:
        case FormError():
            return {error.field: sentence(error.key, **error.facts) for error in refusal.errors}, ""
        case Invalid() if refusal.field:
            return {refusal.field: sentence(refusal.key, **refusal.facts)}, ""
    return {}, sentence(refusal.key, **refusal.facts)


def _typed(form: FormData) -> dict[str, str]:
    """Return the fields of a form; several values of one question are joined by commas."""
    return {name: ",".join(_several(form, name)) for name in form if _several(form, name)}


def _several(form: FormData, name: str) -> list[str]:
    # A form ends lines with two characters; the limits count one.
    texts = (text for text in form.getlist(name) if isinstance(text, str))
    return [text.replace("\r\n", "\n") for text in texts]


def _step(text: str, otherwise: int) -> int:
    return int(text) if text in {"1", "2", "3", "4"} else otherwise


def routes() -> list[Route]:
    return [
        Route(ADDRESS, show, methods=["GET"]),
        Route(ADDRESS, keep, methods=["POST"], max_body_size=photos.READ_ON),
        Route(LEFT, answer_left, methods=["POST"]),
    ]
