"""Files at standard addresses: robots.txt, security.txt, change-password."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from publicmeeting.web import browser
from publicmeeting.web.plain.page import not_found

_SECURITY = "/.well-known/security.txt"
_TRUE_FOR = timedelta(days=90)
"""Validity of security.txt; it is computed at each request, so an old copy expires."""
_ROBOTS = """User-agent: *
Disallow: /auth/
Disallow: /images/
Disallow: /mine/
Disallow: /pass/
Disallow: /plain/
Disallow: /proof/
Disallow: /receipt/
Disallow: /staff/
"""


async def robots(request: Request) -> Response:
    del request
    return PlainTextResponse(_ROBOTS)


async def security(request: Request) -> Response:
    """Return the contact for security reports (RFC 9116); 404 if the city has none."""
    chosen = browser.settings(request)
    if chosen.security_contact is None:
        return not_found(request)
    expires = browser.application(request).clock() + _TRUE_FOR
    lines = (
        f"Contact: {chosen.security_contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fa, en",
        f"Canonical: {chosen.public_url}{_SECURITY}",
    )
    return PlainTextResponse("\n".join((*lines, "")))


async def change_password(request: Request) -> Response:
    """Redirect for password managers that want an official to change a weak password."""
    del request
    return RedirectResponse("/account/", 303)


def routes() -> list[Route]:
    return [
        Route("/robots.txt", robots),
        Route(_SECURITY, security),
        Route("/.well-known/change-password", change_password),
    ]
