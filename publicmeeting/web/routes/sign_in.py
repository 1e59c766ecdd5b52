"""Sign-in and sign-out by native forms: they work before JavaScript runs, and without it.

Only an HTTP answer can set an HttpOnly cookie, so pages post here and are redirected with 303. One
route is for the demo: it signs in as an invented person. A real city refuses it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar
from urllib.parse import quote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Refusal
from publicmeeting.domain.roles import Role
from publicmeeting.kit.process.figures import REFUSALS
from publicmeeting.notify.codes import UNSENT
from publicmeeting.store.accounts.sessions import CITIZEN_STAYS, STAFF_STAYS
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.accounts.credentials import SESSION, Keys
from publicmeeting.usecases.accounts.factors.second_step import SECOND, Due
from publicmeeting.usecases.accounts.person.recycled import is_asked_who
from publicmeeting.usecases.accounts.sessions import ReplaceVisit, has_just_come_in, replace_visit
from publicmeeting.usecases.accounts.signing_in.pending_sign_in import (
    MISTYPED,
    PENDING,
    AskAgain,
    EnterCode,
    Mistyped,
    Refilled,
    Sent,
    enter_code,
    seal_mistyped,
    seal_sent,
    send_code,
)
from publicmeeting.usecases.accounts.signing_in.proof_of_work import NEEDED, Purpose
from publicmeeting.usecases.accounts.signing_in.sign_in import (
    SignIn,
    SignOut,
    remember_device,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from publicmeeting.usecases.accounts.viewer import WorkIn, viewer, work_in
from publicmeeting.usecases.base import Input, Nothing, UseCase
from publicmeeting.usecases.demo import Play, play
from publicmeeting.usecases.tracking.by_code import TRIED
from publicmeeting.web import browser
from publicmeeting.web.addresses import came_from, local, read_next, see_other
from publicmeeting.web.browser import (
    drop,
    renew_visit,
    set_device,
    set_mistyped,
    set_pending,
    set_second,
    set_session,
)
from publicmeeting.web.routes import proof_of_work

W = TypeVar("W", bound=Input)
WIZARD = "/request/?step=3"
STAFF_DOOR = "/sign-in/"
SECOND_STEP = "/sign-in/second/"
MINE = "/mine/"
HOME = "/"
ASKED = "/enter/identity/"
FILING = ("/request/", "/plain/request/")
LEFT = "left"
"""Tells the next page that somebody signed out: this tab deletes what was typed."""

LOCKED = "locked"
"""`locked=1`: an official has locked the screen and must sign in again."""

TOO_OFTEN = "code_too_often"
"""Refusal: a code has been sent already."""

WORKPLACES: dict[Role, str] = {
    Role.MAYOR: "/mayor/",
    Role.DEPUTY: "/mayor/",
    Role.DESK: "/desk/",
    Role.RECEPTION: "/monday/",
    Role.UNIT: "/unit/",
    Role.PHONE: "/assist/",
    Role.OVERSEER: "/city/promises/",
    Role.ADMINISTRATOR: "/city/calendar/",
}
"""Start page of each role; with several roles the first in this order."""


async def ask(request: Request) -> Response:
    """`mobile` → a code is sent; without `mobile`, to the one that waits already.

    Redirects to the page where the code is typed: `back`, else the page of the form, else `next`.
    """
    settings = browser.settings(request)
    here = WIZARD
    try:
        form = await proof_of_work.form_of(request)
        here = _page_of(request, form, WIZARD)
        command = AskAgain(
            mobile=browser.word(form, "mobile"),
            sealed=_pending(request),
            host=urlsplit(settings.public_url).hostname or "",
            proof=browser.word(form, proof_of_work.PROOF),
            budget=settings.sms_codes_a_day,
        )
        application, keys = browser.application(request), browser.keys(request)
        sealed, outcome = await application.execute_sending(send_code, keys, command)
    except Refusal as refusal:
        if refusal.key == NEEDED:
            onward = _onward(request, form, WIZARD)
            return await proof_of_work.ask(request, Purpose.CODE, form, back=here, onward=onward)
        if refusal.key == TOO_OFTEN:
            return await _sent_already(request, here, command, refusal)
        answer = see_other(here, refusal)
        if refusal.key.startswith("mobile"):
            await fill_again(request, answer, Mistyped(field=Refilled.MOBILE, typed=command.mobile))
        return answer
    if outcome in UNSENT:
        REFUSALS.labels(outcome.value).inc()
    # Also if it was not sent: the page says so, and its button sends again.
    answer = see_other(here, Denied(outcome.value) if outcome in UNSENT else None, sent=True)
    set_pending(browser.application(request).cookies, answer, sealed)
    return answer


async def _sent_already(
    request: Request, here: str, command: AskAgain, refusal: Refusal
) -> Response:
    """Go to the code's field if a code has been sent: the form was probably sent twice.

    It shows the message of the first answer.
    """
    application = browser.application(request)
    sent = Sent(mobile=command.mobile, sealed=command.sealed)
    sealed, is_unseen = await browser.query(request, seal_sent, sent)
    if not sealed:
        return see_other(here, refusal)
    answer = see_other(here, None if is_unseen else refusal, sent=True)
    set_pending(application.cookies, answer, sealed)
    return answer


async def confirm(request: Request) -> Response:
    """`code` → a session, and on to `next` of the page's address, else of the form.

    The mobile is the one this visit waits with.
    """
    form = await browser.form(request)
    command = EnterCode(sealed=_pending(request), code=browser.word(form, "code"))
    onward = _onward(request, form, WIZARD)
    if not command.sealed and await has_just_signed_in(request):
        return see_other(await _question_first(request, browser.keys(request).session, onward))
    is_filing = onward.startswith(FILING)
    key, why, facts = await _key(request, enter_code, command, "code_wrong", is_filing=is_filing)
    if not key:
        return see_other(_page_of(request, form, WIZARD), Denied(why, **facts))
    onward = await _question_first(request, key, onward)
    answer = await signed_in(request, key, CITIZEN_STAYS, onward)
    return await _remembered(request, key, answer)


async def has_just_signed_in(request: Request) -> bool:
    """Whether a form without its cookie comes from a browser that has just signed in.

    Then the form was sent twice, and the first answer deleted the cookie.
    """
    return await browser.query(request, has_just_come_in, Nothing())


async def _question_first(request: Request, key: str, onward: str) -> str:
    """Return where to go after sign-in: to the question whether the mobile is still hers, if due.

    Filing needs no question: a new owner of the number files for herself.
    """
    if onward.startswith(FILING):
        return onward
    keys = replace(browser.keys(request), session=key)
    asked = await browser.application(request).query(is_asked_who, keys, Nothing())
    return f"{ASKED}?next={quote(onward)}" if asked else onward


async def staff(request: Request) -> Response:
    """`username` and `password` → a session; on to `next`, else to the role's start page."""
    try:
        form = await proof_of_work.form_of(request)
    except Denied as refusal:
        return see_other(STAFF_DOOR, refusal)
    command = SignIn(
        username=browser.word(form, "username"),
        password=browser.word(form, "password"),
        proof=browser.word(form, proof_of_work.PROOF),
        requires_two_steps=browser.settings(request).requires_two_steps,
    )
    here = _page_of(request, form, STAFF_DOOR)
    key, why, facts = await _key(request, sign_in, command, "password_wrong")
    if key and why in set(Due):
        return _to_second_step(request, key, _onward(request, form, ""))
    if why == NEEDED:
        onward = _onward(request, form, "")
        return await proof_of_work.ask(request, Purpose.PASSWORD, form, back=here, onward=onward)
    if not key:
        refused = see_other(here, Denied(why, **facts))
        typed = Mistyped(field=Refilled.USERNAME, typed=command.username)
        await fill_again(request, refused, typed)
        return refused
    onward = _onward(request, form, await workplace(request, key))
    answer = await signed_in(request, key, STAFF_STAYS, onward)
    return await _remembered(request, key, answer)


async def fill_again(request: Request, answer: Response, typed: Mistyped) -> None:
    """Let the next page show what was typed again: a mobile or a user name.

    They are in a sealed cookie, because neither belongs in an address.
    """
    application = browser.application(request)
    sealed = await browser.query(request, seal_mistyped, typed)
    set_mistyped(application.cookies, answer, sealed)


def _to_second_step(request: Request, sealed: str, onward: str) -> Response:
    answer = see_other(f"{SECOND_STEP}?{urlencode({'next': onward})}" if onward else SECOND_STEP)
    set_second(browser.application(request).cookies, answer, sealed)
    return answer


async def leave(request: Request) -> Response:
    """Sign this browser out; its visit ends too."""
    form = await browser.form(request)
    keys = browser.keys(request)
    await browser.execute(request, sign_out, SignOut(session=keys.session))
    return _gone(request, local(HOME, browser.word(form, "next")))


async def lock(request: Request) -> Response:
    """Lock a shared screen: sign out, and go to the door, which leads back to this page.

    Unsent input waits for this official only; another one does not see it.
    """
    keys = browser.keys(request)
    await browser.execute(request, sign_out, SignOut(session=keys.session))
    here = local("", came_from(request, browser.settings(request).origins))
    back = {"next": here} if here else {}
    answer = see_other(f"{STAFF_DOOR}?{urlencode({**back, LOCKED: '1'})}")
    drop(browser.application(request).cookies, answer, SESSION)
    return answer


async def elsewhere(request: Request) -> Response:
    """Switch an official to another of his districts; any other district changes nothing."""
    form = await browser.form(request)
    number = browser.word(form, "district")
    try:
        command = WorkIn(district=int(number))
        await browser.execute(request, work_in, command)
    except ValueError:
        pass
    except Denied as denied:
        if denied.key not in {"not_found", "not_your_role", "session_ended"}:
            raise
    return see_other(local(HOME, came_from(request, browser.settings(request).origins)))


async def leave_everywhere(request: Request) -> Response:
    """Sign out all devices of this person or account."""
    form = await browser.form(request)
    try:
        await browser.execute(request, sign_out_everywhere, Nothing())
    except Denied as denied:
        if denied.key != "session_ended":
            raise
        # The session had ended already: the command is fulfilled.
    return _gone(request, local(HOME, browser.word(form, "next")))


async def _key(
    request: Request,
    usecase: UseCase[W, tuple[str, str]],
    command: W,
    wrong: str,
    *,
    is_filing: bool = True,
) -> tuple[str, str, Mapping[str, object]]:
    """Return the cookie of a new session, or "", the refusal and its facts.

    Input that fits no row counts as wrong input.
    """
    try:
        keys = replace(browser.keys(request), is_filing=is_filing)
        key, why = await browser.application(request).execute(usecase, keys, command)
    except Refusal as refusal:
        return "", wrong if refusal.key == "not_found" else refusal.key, refusal.facts
    if why and why not in set(Due):  # returned, not raised: the counted try had to be committed
        REFUSALS.labels(why).inc()
    return key, why, {}


async def workplace(request: Request, key: str) -> str:
    """Return the start page of this session's holder."""
    who = await browser.application(request).query(viewer, Keys(session=key), Nothing())
    return next((page for role, page in WORKPLACES.items() if role in who.roles), MINE)


async def signed_in(request: Request, key: str, stays: timedelta, onward: str) -> Response:
    """Redirect with the session's cookie; a full page load, so the next socket has it."""
    answer = see_other(onward)
    await give_session(request, answer, key, stays)
    return answer


async def give_session(request: Request, answer: Response, key: str, stays: timedelta) -> None:
    """Sign the browser in with this answer.

    Its previous session ends and it gets a new visit. So a person who knows the old visit (planted,
    or copied from this computer) learns nothing about hers.
    """
    application, before = browser.application(request), browser.keys(request)
    visit = application.cookies.visit_after(key)
    keys = Keys(session=key, visit=before.visit)
    await application.execute(replace_visit, keys, ReplaceVisit(before=before.session, visit=visit))
    set_session(application.cookies, answer, key, stays)
    renew_visit(request, answer, visit)


async def _remembered(request: Request, key: str, answer: Response) -> Response:
    """Make this a known browser: failed tries of strangers do not block it."""
    keys = replace(browser.keys(request), session=key)
    device = await browser.application(request).query(remember_device, keys, Nothing())
    set_device(browser.application(request).cookies, answer, device)
    return answer


def _gone(request: Request, onward: str) -> Response:
    cookies = browser.application(request).cookies
    answer = see_other(onward, mark=LEFT)
    drop(cookies, answer, SESSION)
    drop(cookies, answer, PENDING)
    drop(cookies, answer, SECOND)
    drop(cookies, answer, TRIED)
    drop(cookies, answer, MISTYPED)
    renew_visit(request, answer, cookies.new_visit())
    return answer


def _pending(request: Request) -> str:
    return browser.cookie(request, PENDING)


def _page_of(request: Request, form: Mapping[str, object], otherwise: str) -> str:
    """Return the page with the form, so that the answer is shown beside it."""
    here = came_from(request, browser.settings(request).origins)
    return local(otherwise, browser.word(form, "back"), here, browser.word(form, "next"))


def _onward(request: Request, form: Mapping[str, object], otherwise: str) -> str:
    """Return where she was when her session ended; the page's address has it."""
    next_page = read_next(request, browser.settings(request).origins)
    return local(otherwise, next_page, browser.word(form, "next"))


async def become(request: Request) -> Response:
    """`who` → a session of that demo person; a citizen's case or the role's start page.

    Refused unless both this installation and its database are a demo.
    """
    form = await browser.form(request)
    if not browser.settings(request).is_demo:
        return _nobody()
    command = Play(who=browser.word(form, "who"))
    try:
        key, code = await browser.execute(request, play, command)
    except Denied:
        return _nobody()
    begins = f"{MINE}{code}/" if code else await workplace(request, key)
    onward = local(begins, browser.word(form, "next"))
    return await signed_in(request, key, STAFF_STAYS, onward)


def _nobody() -> Response:
    return PlainTextResponse(refusal("not_found"), 404)


def routes() -> list[Route]:
    return [
        Route(path, endpoint, methods=["POST"], max_body_size=browser.FORM_BYTES)
        for path, endpoint in (
            ("/auth/code", ask),
            ("/auth/confirm", confirm),
            ("/auth/staff", staff),
            ("/auth/leave", leave),
            ("/auth/lock", lock),
            ("/auth/district", elsewhere),
            ("/auth/leave-everywhere", leave_everywhere),
            ("/auth/demo", become),
        )
    ]
