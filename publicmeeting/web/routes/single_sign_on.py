"""Single sign-on: the way to a provider, and back with its answer; the page of the demo's provider.

The form's answer is a page with a link, not a redirect. Browsers apply `form-action` to the whole
chain of redirects after a form, and a provider may redirect anywhere.

The invented provider «تهران من» exists only in a demo. Its page offers three people to sign in as,
and cancel.
"""

from dataclasses import replace
from urllib.parse import quote, urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Refusal
from publicmeeting.kit.process.figures import REFUSALS
from publicmeeting.sso.answers import Answer, NotProvenError, NotReachedError
from publicmeeting.sso.client import ProviderClient
from publicmeeting.sso.demo import PAGE, DemoProvider
from publicmeeting.store.accounts.sessions import CITIZEN_STAYS
from publicmeeting.text.common import chrome_text, sign_in_text
from publicmeeting.usecases.accounts.signing_in.single_sign_on import (
    BeginSignOn,
    BegunSignOn,
    FinishSignOn,
    RefuseSignOn,
    TakeSignOn,
    begin_sign_on,
    finish_sign_on,
    refuse_sign_on,
    take_sign_on,
)
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.demo import DemoKind, DemoPerson, demo_people
from publicmeeting.web import browser
from publicmeeting.web.addresses import came_from, local, read_next, see_other
from publicmeeting.web.browser import set_device
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.citizens import whose
from publicmeeting.web.plain.elements import el
from publicmeeting.web.plain.page import not_found, page
from publicmeeting.web.routes.sign_in import FILING, signed_in

ENTER, MINE = "/enter/", "/mine/"

_LONGEST_STATE, _LONGEST_ISSUER = 200, 500
_FAILED_THERE = frozenset({"server_error", "temporarily_unavailable"})
"""Errors by which a provider says that it is down (RFC 6749, section 4.1.2.1)."""


async def begin(request: Request) -> Response:
    """Return a page that leads to the provider; back to the form if it cannot be reached.

    `next` is the page after the sign-on: that of the page's address, else of the form.
    """
    client = _client(request)
    if client is None:
        return not_found(request)
    form = await browser.form(request)
    origins = browser.settings(request).origins
    back = local(ENTER, browser.word(form, "back"), came_from(request, origins))
    onward = local(MINE, read_next(request, origins), browser.word(form, "next"))
    command = BeginSignOn(provider=client.provider.name, onward=onward, back=back)
    try:
        secrets = await browser.execute(request, begin_sign_on, command)
        url = await client.authorization_url(secrets, _return_to(request, client), _base(request))
    except Refusal as refusal:
        return see_other(back, refusal)
    except NotReachedError:
        return _refused(back, "sso_unreachable")
    return _leading_on(client.provider.title, url, back)


async def come_back(request: Request) -> Response:
    """Take the provider's answer → a session, and on; else back to where the sign-on began."""
    client = _client(request)
    if client is None:
        return not_found(request)
    query = request.query_params
    name = client.provider.name
    command = TakeSignOn(provider=name, state=query.get("state", "")[:_LONGEST_STATE])
    try:
        begun = await browser.execute(request, take_sign_on, command)
    except Refusal as refusal:
        return see_other(ENTER, refusal)
    if query.get("error") == "access_denied":
        return see_other(begun.back, Denied("sso_cancelled"))
    try:
        return await _finish(request, client, begun)
    except NotReachedError:
        return _refused(begun.back, "sso_unreachable")
    except Refusal as refusal:
        REFUSALS.labels(refusal.key).inc()
        return see_other(begun.back, refusal)


async def _finish(request: Request, client: ProviderClient, begun: BegunSignOn) -> Response:
    """Sign in; raises the refusal of an answer that fails its checks, and NotReachedError."""
    application, keys = browser.application(request), browser.keys(request)
    name, query = client.provider.name, request.query_params
    if query.get("error") in _FAILED_THERE:
        raise NotReachedError("the provider says that it is down")
    answer = Answer(query.get("code", ""), query.get("iss", "")[:_LONGEST_ISSUER])
    try:
        proven = await client.proven(answer, begun.secrets, _return_to(request, client))
    except NotProvenError as error:
        refused = RefuseSignOn(provider=name, reason=error.reason)
        raise await browser.execute(request, refuse_sign_on, refused) from error
    command = FinishSignOn(
        provider=name, identity=proven.identity, mobile=proven.mobile, name=proven.name
    )
    is_filing = begun.onward.startswith(FILING)
    entered = replace(keys, is_filing=is_filing)
    finished = await application.execute(finish_sign_on, entered, command)
    onward = local(MINE, begun.onward)  # its row could lead her to another site
    onward = f"{whose.ADDRESS}?next={quote(onward)}" if finished.is_disputed else onward
    led = await signed_in(request, finished.key, CITIZEN_STAYS, onward)
    if finished.device:
        set_device(application.cookies, led, finished.device)
    return led


def _client(request: Request) -> ProviderClient | None:
    return browser.application(request).sso.get(request.path_params["provider"])


def _base(request: Request) -> str:
    """Return our origin as this browser uses it, so that the return has its cookies."""
    settings = browser.settings(request)
    here = f"{request.url.scheme}://{request.url.netloc}"
    return here if here in settings.origins else settings.public_url


def _return_to(request: Request, client: ProviderClient) -> str:
    return f"{_base(request)}/auth/sso/{client.provider.name}/return"


def _refused(back: str, key: str) -> Response:
    REFUSALS.labels(key).inc()
    return see_other(back, Denied(key))


def _leading_on(title: str, url: str, back: str) -> Response:
    """Return a page that leads on by itself, with a link for browsers that do not."""
    head = sign_in_text.GOING_TITLE.format(title=title)
    go = el("a", sign_in_text.GO.format(title=title), href=url, class_="btn btn-primary")
    answer = page(
        head,
        elements.title(head),
        el("p", sign_in_text.GOING, class_="mb-6"),
        el("div", go, elements.link(sign_in_text.SIGN_ON_BACK, back), class_="grid gap-4"),
    )
    answer.headers["Refresh"] = f"0;url={url}"
    return answer


_ASKED = ("redirect_uri", "state", "nonce", "code_challenge")
_LONGEST = 600
_KIND = {
    DemoKind.NEW: sign_in_text.DEMO_NEWCOMER,
    DemoKind.WITHOUT_MOBILE: sign_in_text.DEMO_WITHOUT_MOBILE,
    DemoKind.KNOWN: sign_in_text.DEMO_KNOWN,
}


async def show_provider(request: Request) -> Response:
    """Ask as whom to sign in."""
    demo, asked = _provider(request), _read_request(request)
    if demo is None:
        return not_found(request)
    if not asked:
        return page(
            sign_in_text.DEMO_TITLE,
            elements.title(sign_in_text.DEMO_TITLE),
            elements.notice(sign_in_text.DEMO_WARNING, tone="saffron"),
            el("p", elements.link(sign_in_text.DEMO_BROKEN, "/enter/"), class_="mt-4"),
            status=400,
        )
    people = await _people(request)
    here = f"{PAGE}?{urlencode(asked)}"
    gives = sign_in_text.DEMO_GIVES.format(site=chrome_text.SITE)
    cancel = elements.button(sign_in_text.DEMO_CANCEL, kind="quiet", name="who", value="")
    return page(
        sign_in_text.DEMO_TITLE,
        elements.title(sign_in_text.DEMO_TITLE),
        elements.notice(sign_in_text.DEMO_WARNING, el("p", sign_in_text.DEMO_WHY), tone="saffron"),
        elements.form(
            here,
            el("div", *(_choice(person) for person in people), class_="grid gap-4 mt-6"),
            elements.muted(gives),
            cancel,
        ),
    )


async def agree(request: Request) -> Response:
    """Redirect back with a code for the chosen person, or with an error."""
    demo, asked = _provider(request), _read_request(request)
    if demo is None or not asked:
        return not_found(request)
    form = await browser.form(request)
    chosen = browser.word(form, "who")
    who = next((person for person in await _people(request) if person.key == chosen), None)
    back = {"state": asked["state"], "iss": demo.issuer}
    if who is None:
        back["error"] = "access_denied"
    else:
        claims = {"sub": who.key, "nationalCode": who.identity, "name": who.name}
        if who.mobile:
            claims["mobile"] = who.mobile
        back["code"] = demo.code_for(claims, asked)
    return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", 303)


def _choice(person: DemoPerson) -> Markup:
    agree_word = sign_in_text.DEMO_AGREE.format(name=person.name)
    kind = _KIND[person.kind]
    return el(
        "div",
        elements.button(agree_word, kind="secondary", name="who", value=person.key),
        el("p", kind, class_="text-meta text-ink2"),
        class_="grid gap-1",
    )


async def _people(request: Request) -> tuple[DemoPerson, ...]:
    return await browser.query(request, demo_people, Nothing())


def _provider(request: Request) -> DemoProvider | None:
    if not browser.settings(request).is_demo:
        return None
    return browser.application(request).sso.demo


def _read_request(request: Request) -> dict[str, str]:
    """Return the parameters of a request by our own client; empty for any other."""
    query = {name: request.query_params.get(name, "") for name in _ASKED}
    ours = [
        f"{origin}/auth/sso/{client.provider.name}/return"
        for origin in browser.settings(request).origins
        for client in browser.application(request).sso.clients
    ]
    is_ours = query["redirect_uri"] in ours and all(query.values())
    return query if is_ours and all(len(one) < _LONGEST for one in query.values()) else {}


def routes() -> list[Route]:
    most = browser.FORM_BYTES
    return [
        Route("/auth/sso/{provider}", begin, methods=["POST"], max_body_size=most),
        Route("/auth/sso/{provider}/return", come_back, methods=["GET"]),
        Route(PAGE, show_provider, methods=["GET"]),
        Route(PAGE, agree, methods=["POST"], max_body_size=browser.FORM_BYTES),
    ]
