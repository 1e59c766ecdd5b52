"""Single sign-on: the way to a provider, and back with its answer.

The form's answer is a page with a link, not a redirect. Browsers apply `form-action` to the whole
chain of redirects after a form, and a provider may redirect anywhere.
"""

from dataclasses import replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Refusal
from publicmeeting.kit.figures import REFUSALS
from publicmeeting.sso.answers import Answer, NotProvenError, NotReachedError
from publicmeeting.sso.client import ProviderClient
from publicmeeting.store.accounts.sessions import CITIZEN_STAYS
from publicmeeting.text.common import sign_in_text
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
from publicmeeting.web import browser
from publicmeeting.web.addresses import came_from, local, read_next, see_other
from publicmeeting.web.cookies import set_device
from publicmeeting.web.plain import elements, whose
from publicmeeting.web.plain.elements import el
from publicmeeting.web.plain.page import not_found, page
from publicmeeting.web.routes.sign_in import FILING, signed_in

ENTER, MINE = "/enter/", "/mine/"

_LONGEST_STATE, _LONGEST_ISSUER = 200, 500


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
    application, keys = browser.application(request), browser.keys(request)
    try:
        secrets = await application.execute(begin_sign_on, keys, command)
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
    application, keys = browser.application(request), browser.keys(request)
    try:
        begun = await application.execute(take_sign_on, keys, command)
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
    answer = Answer(query.get("code", ""), query.get("iss", "")[:_LONGEST_ISSUER])
    try:
        proven = await client.proven(answer, begun.secrets, _return_to(request, client))
    except NotProvenError as error:
        refused = RefuseSignOn(provider=name, reason=error.reason)
        raise await application.execute(refuse_sign_on, keys, refused) from error
    command = FinishSignOn(
        provider=name, identity=proven.identity, mobile=proven.mobile, name=proven.name
    )
    is_filing = begun.onward.startswith(FILING)
    entered = replace(keys, is_filing=is_filing)
    finished = await application.execute(finish_sign_on, entered, command)
    onward = f"{whose.ADDRESS}?next={quote(begun.onward)}" if finished.is_disputed else begun.onward
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


def routes() -> list[Route]:
    most = browser.FORM_BYTES
    return [
        Route("/auth/sso/{provider}", begin, methods=["POST"], max_body_size=most),
        Route("/auth/sso/{provider}/return", come_back, methods=["GET"]),
    ]
