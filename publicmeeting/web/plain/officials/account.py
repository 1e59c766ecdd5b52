"""`/account/`: an official's own account: roles, password, sessions and the history of changes."""

from collections.abc import Iterable
from urllib.parse import quote

import anyio.to_thread
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Invalid, Refusal, Unavailable
from publicmeeting.domain.officials.credentials import PASSWORD_LEAST
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import moment_words
from publicmeeting.text.officials import account_text, people_text
from publicmeeting.text.officials.people_text import days_words, role_words
from publicmeeting.text.refusals.refusals_text import refusal_in, refusal_key
from publicmeeting.usecases.accounts.sessions import EndSession
from publicmeeting.usecases.accounts.signing_in.sign_in import remember_device
from publicmeeting.usecases.accounts.staff_accounts import hash_password
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.officials.listing import place_of
from publicmeeting.usecases.officials.own_account import (
    ChangeOwnPassword,
    MarkRead,
    OwnAccount,
    change_own_password,
    end_own_others,
    end_own_session,
    mark_read,
    own_account,
)
from publicmeeting.web import browser
from publicmeeting.web.addresses import see_other
from publicmeeting.web.browser import set_device
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import button, el, form, link, password_field, session_list
from publicmeeting.web.plain.officials.second_step import KEYS
from publicmeeting.web.plain.page import not_found, page
from publicmeeting.web.routes.pictures import PRIVATE
from publicmeeting.web.routes.sign_in import STAFF_DOOR, workplace

ACCOUNT = "/account/"
PASSWORD, SESSIONS = f"{ACCOUNT}password", f"{ACCOUNT}sessions"
_DONE = "done"
_OLD = ("password_old_wrong", "too_many_requests")
"""Refusals that belong to the field of the old password."""


async def show(request: Request) -> Response:
    """Show the page; changes by others since her last visit are at the top."""
    keys = browser.keys(request)
    try:
        found = await browser.query(request, own_account, Nothing())
        if _is_read(request):
            shown = max((event.at for event in found.history), default=found.machine_now)
            await browser.execute(request, mark_read, MarkRead(until=shown))
    except Denied as denied:
        return _door(request, denied)
    work = await workplace(request, keys.session)
    done = account_text.DONE.get(request.query_params.get(_DONE, ""), "")
    return page(
        account_text.TITLE,
        elements.title(account_text.TITLE),
        elements.notice(done, tone="glaze"),
        _news(found),
        _who(found),
        elements.section(account_text.ROLES, _roles(found)),
        elements.section(account_text.CHOOSE, _password(request)),
        el("p", link(account_text.KEYS, KEYS), class_="mt-4"),
        elements.section(
            account_text.SESSIONS,
            *session_list(found.sessions, found.now, found.machine_now, SESSIONS),
        ),
        elements.section(account_text.HISTORY, el("ul", *_entries(found), class_="rows")),
        beside=link(account_text.WORK, work),
    )


def _is_read(request: Request) -> bool:
    """Whether a person opened the page: not a prefetch, and not a request from another site."""
    sent = request.headers
    is_ahead = request.method == "HEAD" or "sec-purpose" in sent
    return not is_ahead and sent.get("sec-fetch-site") != "cross-site"


async def change_password(request: Request) -> Response:
    """`old`, `password`, `again` → a new password; her other sessions end, this one stays."""
    fields = await browser.form(request)
    application = browser.application(request)
    password = browser.word(fields, "password")
    try:
        found = await browser.query(request, own_account, Nothing())
        require_same(password, browser.word(fields, "again"))
        hashed = await anyio.to_thread.run_sync(hash_password, password, found.username, found.name)
        command = ChangeOwnPassword(old=browser.word(fields, "old"), password_hash=hashed)
        why = await browser.execute(request, change_own_password, command)
    except (Invalid, Unavailable) as wrong:
        return see_other(ACCOUNT, wrong)
    except Refusal as denied:
        return _door(request, denied)
    if why:
        return see_other(ACCOUNT, Denied(why))
    answer = see_other(f"{ACCOUNT}?{_DONE}=password")
    # A known browser is bound to the password: bind this one to the new password at once.
    device = await browser.query(request, remember_device, Nothing())
    set_device(application.cookies, answer, device)
    return answer


async def end_sessions(request: Request) -> Response:
    """`session` → that one ends; `others` → all but this one."""
    fields = await browser.form(request)
    try:
        if browser.word(fields, "others"):
            await browser.execute(request, end_own_others, Nothing())
            return see_other(f"{ACCOUNT}?{_DONE}=others")
        command = EndSession(session=browser.word(fields, "session"))
        await browser.execute(request, end_own_session, command)
    except (Denied, Unavailable) as denied:
        if denied.key in {"session_ended", "not_your_role"}:
            return _door(request, denied)
        return see_other(ACCOUNT, denied)
    return see_other(f"{ACCOUNT}?{_DONE}=session")


def _door(request: Request, denied: Refusal) -> Response:
    if denied.key == "session_ended":
        no_role = Denied("account_no_term") if denied.facts.get("kind") else None
        return see_other(f"{STAFF_DOOR}?next={quote(ACCOUNT)}", no_role)
    return not_found(request, PRIVATE)


def require_same(password: str, again: str) -> None:
    if password != again:
        raise Invalid("passwords_differ", field="password")


def _news(found: OwnAccount) -> Markup:
    if not found.new:
        return elements.NOTHING
    first = account_text.NEW.format(count=persian(found.new))
    return elements.notice(first, el("p", account_text.NEW_WHAT), tone="saffron")


def _who(found: OwnAccount) -> Markup:
    mobile = el("bdi", found.mobile, dir="ltr") if found.mobile else account_text.NO_MOBILE
    facts = (
        (account_text.NAME, found.name),
        (account_text.USERNAME, el("bdi", found.username, dir="ltr")),
        (account_text.MOBILE, mobile),
    )
    lines = (
        el("div", el("dt", word, class_="text-meta text-ink2"), el("dd", value))
        for word, value in facts
    )
    return el("dl", *lines, class_="sheet mt-4")


def _roles(found: OwnAccount) -> Markup:
    today = tehran_day(found.now)
    lines = (
        el(
            "li",
            el("span", role_words(term.grant.role, *place_of(term.grant)), class_="font-semibold"),
            el("span", days_words(term, today), class_="block text-meta text-ink2"),
            class_="py-2",
        )
        for term in found.terms
    )
    return el("ul", *lines, class_="rows")


def _password(request: Request) -> Markup:
    query = request.query_params
    refused, is_of_old = refusal_in(query), refusal_key(query) in _OLD
    hint = account_text.INVITED_HINT.format(least=persian(PASSWORD_LEAST))
    old, new = (refused, "") if is_of_old else ("", refused)
    inside = (
        password_field(account_text.OLD, "old", "current-password", error=old),
        password_field(account_text.FRESH, "password", hint=hint, error=new),
        password_field(account_text.AGAIN, "again"),
        elements.show_passwords("old", "password", "again"),
        el("p", account_text.ENDS, class_="text-meta text-ink2"),
        button(account_text.CHANGE),
    )
    return form(PASSWORD, *inside)


def _entries(found: OwnAccount) -> Iterable[Markup]:
    for event in found.history:
        name = found.names.get(event.by_account or "", "")
        by = people_text.BY.format(name=name) if name else people_text.BY_SERVER
        by = people_text.BY_OWNER if event.by_account == found.id else by
        what = f"{people_text.event_words(event.kind)}، {by}"
        when = el("span", moment_words(event.at), class_="block text-meta text-ink2")
        yield el("li", el("span", what), when, class_="py-2")


def routes() -> list[Route]:
    return [
        Route(ACCOUNT, show, methods=["GET"]),
        Route(ACCOUNT.rstrip("/"), show, methods=["GET"]),
        Route(PASSWORD, change_password, methods=["POST"], max_body_size=browser.FORM_BYTES),
        Route(SESSIONS, end_sessions, methods=["POST"], max_body_size=browser.FORM_BYTES),
    ]
