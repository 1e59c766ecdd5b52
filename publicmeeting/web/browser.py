"""What every route reads of a browser, and the cookies it gives back."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from publicmeeting.application import Application
from publicmeeting.config import Settings
from publicmeeting.kit.addresses import subscriber
from publicmeeting.kit.hashing import sha
from publicmeeting.usecases.accounts.credentials import DEVICE, SESSION, VISIT, Cookies, Keys
from publicmeeting.usecases.accounts.pending_sign_in import PENDING
from publicmeeting.usecases.accounts.pending_sign_in import STAYS as PENDING_STAYS
from publicmeeting.usecases.tracking.by_code import TRIED

VISIT_STAYS = timedelta(days=180)
DEVICE_STAYS = timedelta(days=400)
TRIED_STAYS = timedelta(minutes=5)
"""Of cookies that end with the browser alone; the others stay as long as the server's own word."""

RENEWAL_SECONDS = 2.0
POLICY_VIOLATION = 1008
"""With this code a socket is closed whose browser is somebody else's now."""

FORM_BYTES = 64 * 1024
"""Of a form without files: four thousand letters, each written as six signs, and room."""
FORM_FIELDS = 40

ApplicationOf = Callable[[], Application]


def application(request: Request) -> Application:
    """The office, opened at the first command: composing the routes needs no database."""
    found: ApplicationOf = request.app.state.application
    return found()


def settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def keys(request: Request) -> Keys:
    cookies = application(request).cookies
    return cookies.keys(request.headers.get("cookie", ""), address(request))


def cookie(request: Request, name: str) -> str:
    """Another cookie the browser brought; empty when there is none."""
    return application(request).cookies.read(request.headers.get("cookie", ""), name)


def address(request: Request) -> str:
    """Where the request comes from, for rate limits; the proxy layer has put the client's here."""
    return address_of(request.scope)


def address_of(scope: Scope) -> str:
    """The same for whatever comes: a request or a socket."""
    client = scope.get("client")
    return subscriber(client[0] if client else "")


async def form(request: Request, most: int = FORM_BYTES) -> FormData:
    """The fields of a form without files; `most` bytes each, six for a Persian letter."""
    return await request.form(max_files=0, max_fields=FORM_FIELDS, max_part_size=most)


def word(fields: Mapping[str, object], name: str) -> str:
    """One field as text; empty when it is missing or no text."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def set_session(cookies: Cookies, response: Response, key: str, stays: timedelta) -> None:
    """Signed in: the session's key comes, the waiting mobile goes."""
    _set(cookies, response, SESSION, key, stays)
    drop(cookies, response, PENDING)


def set_pending(cookies: Cookies, response: Response, sealed: str) -> None:
    _set(cookies, response, PENDING, sealed, PENDING_STAYS)


def set_device(cookies: Cookies, response: Response, value: str) -> None:
    """By which accounts and mobiles this browser is known again."""
    _set(cookies, response, DEVICE, value, DEVICE_STAYS)


def set_tried(cookies: Cookies, response: Response, code: str) -> None:
    """A refused tracking code, for the form's next showing: digits only, whatever was typed."""
    typed = code if code.isascii() and code.isdecimal() else ""
    _set(cookies, response, TRIED, typed, TRIED_STAYS)


def set_visit(cookies: Cookies, response: Response, visit: str) -> None:
    """The browser has this visit from now on."""
    _set(cookies, response, VISIT, visit, VISIT_STAYS)


def renew_visit(request: Request, response: Response, visit: str) -> None:
    """`set_visit`; nobody's pages of the visit before are closed, a moment later, so that they
    connect again with the new cookie."""
    found = application(request)
    set_visit(found.cookies, response, visit)
    before = sha("visit", keys(request).visit)
    later = asyncio.get_running_loop().call_later
    later(RENEWAL_SECONDS, found.sockets.end_visit, before, POLICY_VIOLATION)


def drop(cookies: Cookies, response: Response, name: str) -> None:
    response.delete_cookie(
        cookies.name(name), path="/", secure=cookies.is_https, httponly=True, samesite="lax"
    )


def _set(cookies: Cookies, response: Response, name: str, value: str, stays: timedelta) -> None:
    response.set_cookie(
        cookies.name(name),
        value,
        max_age=int(stays.total_seconds()),
        path="/",
        secure=cookies.is_https,
        httponly=True,
        samesite="lax",
    )
