"""Questions about whom a session acts for: whether an earlier request is hers, and whether a mobile
still has the same owner.

Plain forms: each answer changes whom her session acts for or sets a cookie, which only an HTTP
answer can do, and both have to work without scripts.
"""

from urllib.parse import quote, urlsplit

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Refusal, Unavailable
from publicmeeting.domain.people import masked_mobile
from publicmeeting.notify.codes import UNSENT
from publicmeeting.text.filing import whose_text
from publicmeeting.text.refusals.refusals_text import refusal_in, refusal_key
from publicmeeting.usecases.accounts.person.recycled import LastDigits, answer_who, is_asked_who
from publicmeeting.usecases.accounts.signing_in.proof_of_work import NEEDED, Purpose
from publicmeeting.usecases.accounts.signing_in.proven import (
    AskHolderCode,
    Decide,
    Undecided,
    ask_holder_code,
    decide_mine,
    decide_not_mine,
    undecided,
)
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from publicmeeting.web import browser
from publicmeeting.web.addresses import SENT, local, see_other
from publicmeeting.web.browser import set_device
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import el
from publicmeeting.web.plain.page import page
from publicmeeting.web.routes import proof_of_work
from publicmeeting.web.routes.sign_in import TOO_OFTEN

ADDRESS = "/enter/whose/"
RECYCLED = "/enter/identity/"
"""Address of the question whether a mobile still has the same owner."""
_ASK, _MINE, _NOT_MINE = "/auth/whose/code", "/auth/whose/mine", "/auth/whose/not-mine"
_DOOR = "/enter/"
_ONWARD = "/mine/"
_FILING = "/request/"
_SURE = "sure"
"""`sure=1` in the address: she confirms again before the earlier person is displaced."""


async def show(request: Request) -> Response:
    """Show the question; without a pending proof the door."""
    try:
        found = await browser.query(request, undecided, Nothing())
    except Denied as denied:
        return see_other(_DOOR, denied if denied.key != "session_ended" else None)
    onward = local(_ONWARD, request.query_params.get("next", ""))
    if found.mobile is None:
        inside = _decided(onward)
    elif request.query_params.get(_SURE):
        inside = _once_more(request, found.mobile, onward)
    else:
        inside = _question(request, found, found.mobile, onward)
    return page(whose_text.TITLE, *inside)


def _decided(onward: str) -> tuple[Markup, ...]:
    go_on = elements.form(_MINE, elements.hidden(next=onward), elements.button(whose_text.GO_ON))
    return (
        elements.title(whose_text.DECIDED),
        el("p", whose_text.DECIDED_WHY, class_="mb-6"),
        go_on,
    )


def _question(request: Request, found: Undecided, mobile: str, onward: str) -> tuple[Markup, ...]:
    shown = el("bdi", masked_mobile(mobile), dir="ltr")
    code = elements.code(found.code) if found.code else el("span", whose_text.NO_LIVE)
    facts = el(
        "dl",
        _fact(whose_text.MOBILE, shown),
        _fact(whose_text.CODE, code),
        class_="sheet mt-4",
    )
    sure = f"{ADDRESS}?{_SURE}=1&next={quote(onward)}"
    return (
        elements.title(whose_text.TITLE),
        el("p", whose_text.LEAD),
        facts,
        elements.section(whose_text.MINE, *_mine(request, found, shown, onward)),
        elements.section(
            whose_text.NOT_MINE,
            el("p", whose_text.NOT_MINE_WHY),
            el("a", whose_text.DISPLACE, href=sure, class_="btn btn-secondary"),
        ),
    )


def _mine(request: Request, found: Undecided, shown: Markup, onward: str) -> tuple[Markup, ...]:
    query = request.query_params
    refused, is_unsent = refusal_in(query), refusal_key(query) in UNSENT
    stays = elements.hidden(next=onward)
    why = whose_text.MINE_WHY if found.own_mobile else whose_text.MINE_SAME_MOBILE
    lost = elements.muted(whose_text.LOST)
    if not query.get(SENT):
        send = elements.form(_ASK, stays, elements.button(whose_text.SEND))
        return elements.notice(refused), el("p", why), send, lost
    code = elements.digits(
        whose_text.CODE_FIELD,
        "code",
        hint=whose_text.CODE_HINT,
        error="" if is_unsent else refused,
        complete="one-time-code",
    )
    again = elements.button(whose_text.SEND_AGAIN, kind="secondary")
    return (
        elements.notice(refused)
        if is_unsent
        else elements.notice(whose_text.SENT, el("p", shown), tone="glaze"),
        elements.form(_MINE, stays, code, elements.button(whose_text.IS_MINE)),
        elements.form(_ASK, stays, again),
        lost,
    )


def _once_more(request: Request, mobile: str, onward: str) -> tuple[Markup, ...]:
    stays = elements.hidden(next=onward)
    back = f"{ADDRESS}?next={quote(onward)}"
    shown = el("bdi", masked_mobile(mobile), dir="ltr")
    return (
        elements.title(whose_text.SURE_TITLE),
        elements.notice(refusal_in(request.query_params)),
        el("dl", _fact(whose_text.MOBILE, shown), class_="sheet mb-4"),
        el("p", whose_text.NOT_MINE_WHY, class_="mb-6"),
        elements.form(_NOT_MINE, stays, elements.button(whose_text.SURE, kind="danger")),
        el("p", elements.link(whose_text.BACK, back), class_="mt-6"),
    )


def _fact(word: str, value: Markup) -> Markup:
    return el("div", el("dt", word, class_="text-meta text-ink2"), el("dd", value))


async def ask(request: Request) -> Response:
    """Send a code to the mobile that holds her identity; back to the question, to type it."""
    application, settings = browser.application(request), browser.settings(request)
    here = ADDRESS
    try:
        form = await proof_of_work.form_of(request)
        here = _here(browser.word(form, "next"))
        command = AskHolderCode(
            host=urlsplit(settings.public_url).hostname or "",
            proof=browser.word(form, proof_of_work.PROOF),
            budget=settings.sms_codes_a_day,
        )
        _, outcome = await application.execute_sending(
            ask_holder_code, browser.keys(request), command
        )
    except Refusal as refusal:
        if refusal.key == NEEDED:
            onward = local(_ONWARD, browser.word(form, "next"))
            return await proof_of_work.ask(request, Purpose.CODE, form, back=here, onward=onward)
        return see_other(here, refusal, sent=refusal.key == TOO_OFTEN)
    return see_other(here, Denied(outcome.value) if outcome in UNSENT else None, sent=True)


async def mine(request: Request) -> Response:
    """`code` of the other mobile → her session acts for the existing person; on to `next`."""
    form = await browser.form(request)
    here, onward = _here(browser.word(form, "next")), browser.word(form, "next")
    command = Decide(code=browser.word(form, "code"))
    try:
        why = await browser.execute(request, decide_mine, command)
    except Refusal as refusal:
        return await _onward_or(request, refusal, here, onward)
    if why:
        return see_other(here, Denied(why), sent=True)
    return see_other(local(_ONWARD, onward))


async def not_mine(request: Request) -> Response:
    """Displace what was filed; her session acts for a new person of her own; on to `next`."""
    form = await browser.form(request)
    onward = browser.word(form, "next")
    try:
        await browser.execute(request, decide_not_mine, Nothing())
    except Refusal as refusal:
        return await _onward_or(request, refusal, f"{_here(onward)}&{_SURE}=1", onward)
    return see_other(local(_ONWARD, onward))


async def _onward_or(request: Request, refusal: Refusal, here: str, onward: str) -> Response:
    """Redirect to `next` if she has decided already and the form was sent twice."""
    if refusal.key == "session_ended":
        who = await browser.query(request, viewer, Nothing())
        if who.is_citizen:
            return see_other(local(_ONWARD, onward))
    return see_other(here, refusal)


def _here(onward: str) -> str:
    return f"{ADDRESS}?next={quote(local(_ONWARD, onward))}"


async def ask_recycled(request: Request) -> Response:
    """Ask the question; redirect to `next` if it need not be asked."""
    onward = local(_ONWARD, request.query_params.get("next", ""))
    try:
        is_asked = await browser.query(request, is_asked_who, Nothing())
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
    own = elements.link(whose_text.MOBILE_FILE, _FILING)
    return page(
        whose_text.MOBILE_TITLE,
        el(
            "div",
            el(
                "div",
                elements.title(whose_text.MOBILE_TITLE),
                elements.muted(whose_text.MOBILE_WHY),
            ),
            elements.form(RECYCLED, digits, *go_on),
            elements.section(
                whose_text.MOBILE_NOT_MINE,
                elements.muted(whose_text.MOBILE_NOT_MINE_WHY),
                el("p", own),
            ),
            class_="grid gap-6",
        ),
    )


async def answer_recycled(request: Request) -> Response:
    """`digits` → this browser may see her files; on to `next`."""
    form = await browser.form(request)
    onward = local(_ONWARD, browser.word(form, "next"))
    command = LastDigits(digits=browser.word(form, "digits"))
    application = browser.application(request)
    try:
        device, why = await browser.execute(request, answer_who, command)
    except (Denied, Unavailable) as denied:
        return see_other(onward) if denied.key == "not_found" else _refused(denied, onward)
    if why:
        return see_other(f"{RECYCLED}?next={quote(onward)}", Denied(why))
    answered = see_other(onward)
    set_device(application.cookies, answered, device)
    return answered


def _refused(denied: Refusal, onward: str) -> Response:
    """Without a session: the door, and back. An official has no mobile here."""
    if denied.key == "session_ended":
        return see_other(f"{_DOOR}?next={quote(onward)}")
    return see_other(onward, denied)


def routes() -> list[Route]:
    return [
        Route(ADDRESS, show, methods=["GET"]),
        *(
            Route(path, endpoint, methods=["POST"], max_body_size=browser.FORM_BYTES)
            for path, endpoint in ((_ASK, ask), (_MINE, mine), (_NOT_MINE, not_mine))
        ),
        Route(RECYCLED, ask_recycled, methods=["GET"]),
        Route(RECYCLED, answer_recycled, methods=["POST"], max_body_size=browser.FORM_BYTES),
    ]
