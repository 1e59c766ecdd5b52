"""Page of the demo's invented provider «تهران من»: three people to sign in as, and cancel.

It exists only in a demo.
"""

from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from publicmeeting.sso.demo import PAGE, DemoProvider
from publicmeeting.text.common import chrome_text, sign_in_text
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.demo import DemoKind, DemoPerson, demo_people
from publicmeeting.web import browser
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import el
from publicmeeting.web.plain.page import not_found, page

_ASKED = ("redirect_uri", "state", "nonce", "code_challenge")
_LONGEST = 600
_KIND = {
    DemoKind.NEW: sign_in_text.DEMO_NEWCOMER,
    DemoKind.WITHOUT_MOBILE: sign_in_text.DEMO_WITHOUT_MOBILE,
    DemoKind.KNOWN: sign_in_text.DEMO_KNOWN,
}


async def show(request: Request) -> Response:
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
    application = browser.application(request)
    return await application.query(demo_people, browser.keys(request), Nothing())


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
    return [
        Route(PAGE, show, methods=["GET"]),
        Route(PAGE, agree, methods=["POST"], max_body_size=browser.FORM_BYTES),
    ]
