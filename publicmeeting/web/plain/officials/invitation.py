"""Page of a one-time link: an official reads the rights of the account and chooses a password.

The link's secret is in the query, which our proxies do not log. The page sends other sites only our
origin. Opening the page does not use up the link, so the preview of a messenger does no harm.
"""

import anyio.to_thread
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Invalid, Refusal, Unavailable
from publicmeeting.domain.officials.credentials import PASSWORD_LEAST
from publicmeeting.domain.officials.invitations import InvitationKind
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.text.common.dates_text import moment
from publicmeeting.text.officials import account_text
from publicmeeting.text.officials.people_text import days_words, role_words
from publicmeeting.text.refusals.refusals_text import refusal, refusal_in
from publicmeeting.usecases.accounts.signing_in.pending_sign_in import Mistyped, Refilled
from publicmeeting.usecases.accounts.staff_accounts import hash_password
from publicmeeting.usecases.officials.invitations import (
    CODE,
    PATH,
    ChoosePassword,
    Offer,
    OpenInvitation,
    choose_password,
    read_invitation,
)
from publicmeeting.usecases.officials.listing import place_of
from publicmeeting.web import browser
from publicmeeting.web.addresses import see_other
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import NOTHING, button, el, form, hidden, password_field
from publicmeeting.web.plain.officials.account import require_same
from publicmeeting.web.plain.page import page
from publicmeeting.web.routes.sign_in import fill_again

_GONE = 410
CHOSEN = "/sign-in/?chosen=1"
# Not `no-referrer`: then the browser would not show that the form was ours.
_HEADERS = {"Referrer-Policy": "strict-origin", "Cache-Control": "no-store"}


async def show(request: Request) -> Response:
    """Show the account and two password fields, or why the link does not work."""
    code = request.query_params.get(CODE, "")
    try:
        offer = await _offer(request, code)
    except Denied as denied:
        return _closed(denied)
    return _answer(offer, code, refusal_in(request.query_params))


async def choose(request: Request) -> Response:
    """`code`, `password`, `again` → the account has this password.

    Leads to the sign-in, or back with the refusal.
    """
    fields = await browser.form(request)
    code, password = browser.word(fields, CODE), browser.word(fields, "password")
    here = f"{PATH}?{CODE}={code}"
    try:
        offer = await _offer(request, code)
        require_same(password, browser.word(fields, "again"))
        hashed = await anyio.to_thread.run_sync(hash_password, password, offer.username, offer.name)
        command = ChoosePassword(code=code, password_hash=hashed)
        await browser.execute(request, choose_password, command)
    except (Invalid, Unavailable) as wrong:
        return see_other(here, wrong)
    except Refusal as denied:
        return _closed(denied)
    answer = see_other(CHOSEN)
    typed = Mistyped(field=Refilled.USERNAME, typed=offer.username)
    await fill_again(request, answer, typed)
    return answer


async def _offer(request: Request, code: str) -> Offer:
    query = OpenInvitation(code=code)
    return await browser.query(request, read_invitation, query)


def _closed(denied: Refusal) -> Response:
    title = elements.title(account_text.INVITED_NOT_OPEN)
    word = elements.notice(refusal(denied.key, **denied.facts))
    link = el("a", account_text.INVITED_SIGN_IN, href="/sign-in/", class_="btn btn-secondary")
    inside = title, word, el("p", link, class_="mt-6")
    return _bare(page(account_text.INVITED_NOT_OPEN, *inside, status=_GONE, beside=NOTHING))


def _answer(offer: Offer, code: str, refused: str) -> Response:
    lead = (
        account_text.INVITED_RESET
        if offer.kind is InvitationKind.RESET
        else account_text.INVITED_FIRST
    )
    who = el(
        "dl",
        _fact(account_text.INVITED_WHO, offer.name),
        _fact(account_text.INVITED_USERNAME, el("bdi", offer.username, dir="ltr")),
        class_="sheet mt-4",
    )
    until = account_text.INVITED_UNTIL.format(until=moment(offer.until))
    inside = (
        elements.title(account_text.INVITED_TITLE),
        el("div", elements.notice(refused), class_="mb-4"),
        elements.muted(lead),
        who,
        elements.section(account_text.INVITED_MAY, _duties(offer)),
        _form(offer, code, refused),
        el("p", until, class_="mt-6 text-meta text-ink2"),
        el("p", account_text.INVITED_NOT_YOU, class_="text-meta text-ink2"),
    )
    status = 422 if refused else 200
    return _bare(page(account_text.INVITED_TITLE, *inside, status=status, beside=NOTHING))


def _form(offer: Offer, code: str, refused: str) -> Markup:
    hint = account_text.INVITED_HINT.format(least=persian(PASSWORD_LEAST))
    name = el(
        "input",
        name="username",
        value=offer.username,
        autocomplete="username",
        readonly=True,
        class_="sr-only",
        tabindex="-1",
        aria_hidden="true",
    )
    return el(
        "div",
        form(
            "/auth/invitation",
            name,
            password_field(account_text.INVITED_PASSWORD, "password", hint=hint, error=refused),
            password_field(account_text.INVITED_AGAIN, "again"),
            elements.show_passwords("password", "again"),
            button(account_text.INVITED_CHOOSE),
            hidden(**{CODE: code}),
        ),
        class_="mt-6",
    )


def _duties(offer: Offer) -> Markup:
    today = tehran_day(offer.today)
    lines = [
        el(
            "li",
            el("strong", role_words(term.grant.role, *place_of(term.grant))),
            el("p", account_text.DUTY[term.grant.role]),
            el("p", days_words(term, today), class_="text-meta text-ink2"),
        )
        for term in offer.terms
    ]
    return el("ul", *lines, class_="grid gap-3") if lines else el("p", account_text.INVITED_NO_ROLE)


def _fact(word: str, value: str) -> Markup:
    return el(
        "div", el("dt", word, class_="text-meta text-ink2"), el("dd", value, class_="text-h3")
    )


def _bare(answer: Response) -> Response:
    answer.headers.update(_HEADERS)
    return answer


def routes() -> list[Route]:
    return [
        Route(PATH, show, methods=["GET"]),
        Route(PATH.rstrip("/"), show, methods=["GET"]),
        Route("/auth/invitation", choose, methods=["POST"], max_body_size=browser.FORM_BYTES),
    ]
