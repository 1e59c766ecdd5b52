"""`/sign-in/second/`: the page between an official's password and the session; sign-in by passkey.

Plain forms: no secret and no recovery code enters a Reflex state or a socket, and the page works
without scripts.
"""

import functools
from typing import TypeVar
from urllib.parse import quote, urlencode, urlsplit

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from publicmeeting.config import PROJECT
from publicmeeting.domain.errors import Denied, Refusal, Unavailable
from publicmeeting.kit.digits import persian
from publicmeeting.kit.process.figures import REFUSALS
from publicmeeting.media.sheets.qr import qr_svg
from publicmeeting.store.accounts.sessions import STAFF_STAYS
from publicmeeting.text.common import chrome_text, sign_in_text
from publicmeeting.text.refusals.refusals_text import refusal as sentence
from publicmeeting.text.refusals.refusals_text import refusal_in
from publicmeeting.usecases.accounts.factors.passkeys import REFUSED, Answer, Site, ask_touch, touch
from publicmeeting.usecases.accounts.factors.second_step import (
    EXPIRED,
    SECOND,
    Enrol,
    EnterSecond,
    Entry,
    PendingCookie,
    SecondDue,
    enrol,
    enter_second,
    grouped_secret,
    second_due,
    secret_uri,
)
from publicmeeting.usecases.base import Input, UseCase
from publicmeeting.web import browser
from publicmeeting.web.addresses import local, read_next, see_other
from publicmeeting.web.browser import drop, set_device
from publicmeeting.web.layers.faults import unavailable_status
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import Ours, el, hidden
from publicmeeting.web.plain.page import page
from publicmeeting.web.routes.sign_in import (
    SECOND_STEP,
    STAFF_DOOR,
    give_session,
    has_just_signed_in,
    workplace,
)

# Form that is answered with a passkey; in plain pages, with the passkeys' only script.

CREDENTIAL = "credential"
_TOUCH = PROJECT / "publicmeeting" / "ui" / "staff" / "passkey.js"
"""Officials' pages bundle this script; plain pages contain it."""
_WIRED = """
for (const one of document.querySelectorAll("[data-key]")) one.addEventListener("click", touchKey);
"""


def key_form(action: str, options: str, word: str, *inside: Markup) -> Markup:
    """Return a form whose button asks for a passkey, with the options from `options`.

    Without scripts it is sent as it is, and refused with a sentence.
    """
    failed = el(
        "p", role="alert", hidden=True, class_="error", data_key_failed=sign_in_text.KEY_FAILED
    )
    press = el("button", word, type="submit", class_="btn btn-secondary", data_key=True)
    return el(
        "form",
        *inside,
        hidden(**{CREDENTIAL: ""}),
        failed,
        press,
        method="post",
        action=action,
        data_key_options=options,
        class_="grid gap-4",
    )


def sign_in_button(onward: str) -> Markup:
    """Button that signs in by passkey."""
    word, where = sign_in_text.KEY_ENTER, "/auth/passkey"
    return key_form(where, f"{where}/options", word, hidden(next=onward))


@functools.cache
def key_script() -> str:
    """Return the script for a page with such a form."""
    return _TOUCH.read_text(encoding="utf-8") + _WIRED


W = TypeVar("W", bound=Input)
KEYS = "/account/keys/"
_PAPER = "paper"
"""`with=paper` in the address: the field takes a recovery code."""
_REMEMBER = "remember"
"""Name of the box that spares this device the code for thirty days."""
_PRINT = """
const print_ = document.getElementById("print");
print_.hidden = false;
print_.addEventListener("click", () => print());
"""


async def show(request: Request) -> Response:
    """Show the field for the code, or the setup; without a pending sign-in back to the password."""
    due = await _due(request)
    onward = local("", request.query_params.get("next", ""))
    if due is None:
        return _expired(request, onward)
    is_paper = request.query_params.get("with") == _PAPER
    problem = refusal_in(request.query_params)
    if due.secret:
        inside = _enrolment(due, problem, onward)
        return _page(sign_in_text.ENROL_TITLE, inside)
    lead = sign_in_text.LEAD.format(name=due.name)
    # Only beside a refusal: the box is never checked when the page opens.
    remembers = bool(problem and request.query_params.get(_REMEMBER))
    form = _code_form(problem, onward, is_paper=is_paper, remembers=remembers)
    other = elements.link(
        sign_in_text.WITH_APP if is_paper else sign_in_text.WITH_PAPER,
        _here(onward) if is_paper else _here(onward, paper=True),
    )
    inside = el(
        "div",
        elements.muted(lead),
        form,
        el("p", other),
        elements.NOTHING if is_paper else sign_in_button(onward),
        elements.muted(sign_in_text.LOST) if is_paper else "",
        class_="grid gap-6",
    )
    return _page(sign_in_text.TITLE, inside, script=key_script())


async def enter(request: Request) -> Response:
    """`code`, optionally `remember` → a session, and on to `next` or the role's start page."""
    form = await browser.form(request)
    command = EnterSecond(
        sealed=browser.cookie(request, SECOND),
        code=browser.word(form, "code"),
        remember=bool(browser.word(form, _REMEMBER)),
    )
    onward = local("", browser.word(form, "next"))
    if not command.sealed and await has_just_signed_in(request):
        return see_other(onward or await workplace(request, browser.keys(request).session))
    entry = await entered(request, enter_second, command)
    if entry.refusal:
        is_paper = bool(browser.word(form, _PAPER))
        return _refused(request, entry, onward, is_paper=is_paper, remembers=command.remember)
    if entry.recovery_left is not None:
        onward = f"{KEYS}?{urlencode({'left': entry.recovery_left})}"
    return await signed_in_with(request, entry, onward)


async def set_up(request: Request) -> Response:
    """Take the first code of an authenticator; show the recovery codes once and set the session."""
    form = await browser.form(request)
    command = Enrol(sealed=browser.cookie(request, SECOND), code=browser.word(form, "code"))
    if not command.sealed and await has_just_signed_in(request):
        return see_other(KEYS)  # where new recovery codes can be made
    due = await _due(request)
    entry = await entered(request, enrol, command)
    onward = local("", browser.word(form, "next"))
    if entry.refusal or due is None:
        return _refused(request, entry, onward)
    onward = onward or await workplace(request, entry.session)
    answer = recovery_page(due.username, entry.recovery_codes, onward)
    await give_session(request, answer, entry.session, STAFF_STAYS)
    set_device(browser.application(request).cookies, answer, entry.device)
    return answer


async def signed_in_with(request: Request, entry: Entry, onward: str) -> Response:
    """Redirect with the cookies of the session and the device."""
    answer = see_other(onward or await workplace(request, entry.session))
    await give_session(request, answer, entry.session, STAFF_STAYS)
    set_device(browser.application(request).cookies, answer, entry.device)
    return answer


async def entered(request: Request, usecase: UseCase[W, Entry], command: W) -> Entry:
    """Run a step of the sign-in; input that fits no row counts as a wrong code."""
    try:
        entry = await browser.execute(request, usecase, command)
    except Refusal as refusal:
        return Entry(refusal="second_wrong" if refusal.key == "not_found" else refusal.key)
    if entry.refusal:  # returned, not raised, because the counted try had to be committed
        REFUSALS.labels(entry.refusal).inc()
    return entry


def recovery_page(
    username: str, codes: tuple[str, ...], onward: str, *, replaced: bool = False
) -> Response:
    """Show the new recovery codes, to be printed, saved or copied; no page shows them again."""
    head = sign_in_text.CODES_HEAD.format(site=chrome_text.SITE, username=username)
    grouped = [" ".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]
    rows = (el("li", el("bdi", persian(code), dir="ltr")) for code in grouped)
    text = "\n".join([head, "", *grouped, ""])
    save = el(
        "a",
        sign_in_text.CODES_SAVE,
        href=f"data:text/plain;charset=utf-8,{quote(text)}",
        download=sign_in_text.CODES_FILE,
        class_="btn btn-secondary",
    )
    to_print = el(
        "button",
        sign_in_text.CODES_PRINT,
        type="button",
        id="print",
        hidden=True,
        class_="btn btn-secondary",
    )
    inside = el(
        "div",
        elements.muted(sign_in_text.CODES_WHY),
        elements.notice(
            sign_in_text.CODES_ONCE,
            el("p", sign_in_text.CODES_REPLACED) if replaced else "",
            tone="saffron",
        ),
        el(
            "div",
            el("p", head, class_="text-ink2"),
            el("ol", *rows, class_="key-codes"),
            class_="sheet",
        ),
        el("div", to_print, save, class_="key-ways no-print"),
        el("a", sign_in_text.CODES_SAVED, href=onward, class_="btn btn-primary"),
        class_="grid gap-6",
    )
    head = elements.title(sign_in_text.CODES_TITLE)  # shown once: «stored» is the only way out
    nowhere = elements.NOTHING
    return page(sign_in_text.CODES_TITLE, head, inside, beside=nowhere, script=_PRINT)


def set_up_steps(due: SecondDue, form: Markup) -> Markup:
    """Explain how to set up an authenticator with this secret; `form` takes its first code."""
    uri = secret_uri(due.secret, due.username, chrome_text.SITE)
    drawing = el(
        "div",
        Ours(qr_svg(uri)),
        role="img",
        aria_label=sign_in_text.ENROL_QR_ALT,
        class_="qr key-qr",
    )
    secret = el("bdi", grouped_secret(due.secret), dir="ltr", class_="key-secret")
    return el(
        "div",
        elements.section(sign_in_text.ENROL_APP_TITLE, elements.muted(sign_in_text.ENROL_APP)),
        elements.section(
            sign_in_text.ENROL_SCAN_TITLE,
            drawing,
            el("p", sign_in_text.ENROL_TYPE, class_="text-ink2"),
            secret,
            el("p", el("a", sign_in_text.ENROL_SAME_DEVICE, href=uri, class_="link nav-link")),
        ),
        elements.section(sign_in_text.ENROL_CONFIRM_TITLE, form),
    )


def code_field(hint: str, problem: str, *, is_first: bool) -> Markup:
    return elements.digits(
        sign_in_text.CODE,
        "code",
        hint=hint,
        error=problem,
        complete="one-time-code",
        is_first=is_first,
    )


def _enrolment(due: SecondDue, problem: str, onward: str) -> Markup:
    hint = sign_in_text.ENROL_CODE_HINT.format(site=chrome_text.SITE)
    form = elements.form(
        "/auth/enrol",
        code_field(hint, problem, is_first=bool(problem)),
        elements.button(sign_in_text.ENROL_DONE),
        elements.hidden(next=onward),
    )
    return el("div", elements.muted(sign_in_text.ENROL_WHY), set_up_steps(due, form))


def _code_form(problem: str, onward: str, *, is_paper: bool, remembers: bool) -> Markup:
    if is_paper:
        field = elements.digits(
            sign_in_text.PAPER, "code", hint=sign_in_text.PAPER_HINT, error=problem, is_first=True
        )
    else:
        field = code_field(sign_in_text.CODE_HINT, problem, is_first=True)
    return elements.form(
        "/auth/second",
        field,
        elements.tick(
            sign_in_text.REMEMBER,
            _REMEMBER,
            hint=sign_in_text.REMEMBER_HINT,
            is_checked=remembers,
        ),
        elements.button(sign_in_text.ENTER),
        elements.hidden(next=onward, **({_PAPER: "1"} if is_paper else {})),
    )


def _here(onward: str, *, paper: bool = False, remembers: bool = False) -> str:
    query = ({"next": onward} if onward else {}) | ({"with": _PAPER} if paper else {})
    query |= {_REMEMBER: "1"} if remembers else {}
    return f"{SECOND_STEP}?{urlencode(query)}" if query else SECOND_STEP


def _refused(
    request: Request,
    entry: Entry,
    onward: str,
    *,
    is_paper: bool = False,
    remembers: bool = False,
) -> Response:
    if entry.refusal == EXPIRED or not entry.refusal:
        return _expired(request, onward)
    here = _here(onward, paper=is_paper, remembers=remembers)
    return see_other(here, Denied(entry.refusal))


def _expired(request: Request, onward: str) -> Response:
    door = f"{STAFF_DOOR}?{urlencode({'next': onward})}" if onward else STAFF_DOOR
    answer = see_other(door, Denied(EXPIRED))
    drop(browser.application(request).cookies, answer, SECOND)
    return answer


async def _due(request: Request) -> SecondDue | None:
    query = PendingCookie(sealed=browser.cookie(request, SECOND))
    return await browser.query(request, second_due, query)


def _page(title: str, inside: Markup, *, script: str = "") -> Response:
    back = elements.link(sign_in_text.BACK, STAFF_DOOR)
    head = elements.title(title)
    return page(title, head, inside, beside=back, script=script)


NO_SCRIPT = "passkey_no_script"
_REFUSED = 409


def site(request: Request) -> Site:
    settings = browser.settings(request)
    return Site(host=urlsplit(settings.public_url).hostname or "", origins=settings.origins)


async def options(request: Request, usecase: UseCase[Site, dict[str, object]]) -> Response:
    """Return the options for the browser as JSON; a refusal as a sentence for the script."""
    try:
        asked = await browser.execute(request, usecase, site(request))
    except Refusal as refusal:
        status = unavailable_status(refusal) if isinstance(refusal, Unavailable) else _REFUSED
        return PlainTextResponse(sentence(refusal.key, **refusal.facts), status)
    return JSONResponse(asked, headers={"Cache-Control": "no-store"})


async def ask_passkey(request: Request) -> Response:
    return await options(request, ask_touch)


async def come_in(request: Request) -> Response:
    """`credential` → a session, and on to `next`, else to the start page of the role."""
    form = await browser.form(request)
    origins = browser.settings(request).origins
    onward = local("", read_next(request, origins), browser.word(form, "next"))
    here = f"{STAFF_DOOR}?{urlencode({'next': onward})}" if onward else STAFF_DOOR
    credential = browser.word(form, CREDENTIAL)
    if not credential:
        return see_other(here, Denied(NO_SCRIPT))
    bound = site(request)
    command = Answer(host=bound.host, origins=bound.origins, credential=credential)
    try:
        entry = await browser.execute(request, touch, command)
    except Refusal as refusal:
        return see_other(here, Denied(REFUSED) if refusal.key == "not_found" else refusal)
    if entry.refusal:
        REFUSALS.labels(entry.refusal).inc()
        return see_other(here, Denied(entry.refusal))
    return await signed_in_with(request, entry, onward)


def routes() -> list[Route]:
    return [
        Route(SECOND_STEP, show, methods=["GET"]),
        *(
            Route(path, endpoint, methods=["POST"], max_body_size=browser.FORM_BYTES)
            for path, endpoint in (("/auth/second", enter), ("/auth/enrol", set_up))
        ),
        *(
            Route(path, endpoint, methods=["POST"], max_body_size=browser.FORM_BYTES)
            for path, endpoint in (
                ("/auth/passkey/options", ask_passkey),
                ("/auth/passkey", come_in),
            )
        ),
    ]
