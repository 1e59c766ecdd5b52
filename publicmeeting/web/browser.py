"""What every route needs of a request and its answer: cookies, address, form fields.

No script can read a cookie. `usecases/accounts/credentials.py` has the names of the cookies and
reads them; pages use it as well.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from starlette.datastructures import FormData, Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from publicmeeting.application import Application
from publicmeeting.config import Settings
from publicmeeting.kit.browsers import subscriber
from publicmeeting.kit.hashing import sha
from publicmeeting.usecases.accounts.credentials import DEVICE, SESSION, VISIT, Cookies, Keys
from publicmeeting.usecases.accounts.factors.second_step import SECOND
from publicmeeting.usecases.accounts.factors.second_step import STAYS as SECOND_STAYS
from publicmeeting.usecases.accounts.person.correcting import CHANGING
from publicmeeting.usecases.accounts.person.correcting import STAYS as CHANGING_STAYS
from publicmeeting.usecases.accounts.signing_in.pending_sign_in import MISTYPED, PENDING
from publicmeeting.usecases.accounts.signing_in.pending_sign_in import STAYS as PENDING_STAYS
from publicmeeting.usecases.base import Input, UseCase
from publicmeeting.usecases.tracking.by_code import TRIED

FORM_BYTES = 64 * 1024
"""Maximum size, in bytes, of a form without files.

Enough for four thousand Persian letters, six bytes each in URL encoding.
"""
FORM_FIELDS = 40

W = TypeVar("W", bound=Input)
R = TypeVar("R")
ApplicationOf = Callable[[], Application]


def application(request: Request) -> Application:
    """Return the application; it is opened by the first request, so routes need no database."""
    found: ApplicationOf = request.app.state.application
    return found()


def settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def keys(request: Request) -> Keys:
    cookies = application(request).cookies
    sent = request.headers
    return cookies.keys(sent.get("cookie", ""), address(request), sent.get("user-agent", ""))


async def query(request: Request, usecase: UseCase[W, R], asked: W) -> R:
    """Execute a query as the holder of the request's cookies."""
    return await application(request).query(usecase, keys(request), asked)


async def execute(request: Request, usecase: UseCase[W, R], command: W) -> R:
    """Execute a command as the holder of the request's cookies."""
    return await application(request).execute(usecase, keys(request), command)


def cookie(request: Request, name: str) -> str:
    """Return the value of another cookie; empty if the browser sent none."""
    return application(request).cookies.read(request.headers.get("cookie", ""), name)


def address(request: Request) -> str:
    """Return the client's address for rate limits, as the proxy layer has set it."""
    return address_of(request.scope)


def address_of(scope: Scope) -> str:
    """Return the client's address of an ASGI scope: a request or a socket."""
    client = scope.get("client")
    return subscriber(client[0] if client else "")


def encodings(headers: Headers) -> set[str]:
    """Return the names of the encodings that a browser accepts."""
    asked = headers.get("accept-encoding", "").split(",")
    named = (coding.replace(" ", "").partition(";") for coding in asked)
    return {name for name, _, weight in named if weight not in {"q=0", "q=0.0"}}


async def form(request: Request, most: int = FORM_BYTES) -> FormData:
    """Return the fields of a form without files, at most `most` bytes each.

    A Persian letter takes six bytes in URL encoding.
    """
    return await request.form(max_files=0, max_fields=FORM_FIELDS, max_part_size=most)


def word(fields: Mapping[str, object], name: str) -> str:
    """Return one field as text; empty if it is missing or a file."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


HALL = "hall"
"""Cookie with the key of a hall's screen."""
VISIT_STAYS = timedelta(days=180)
DEVICE_STAYS = timedelta(days=400)
TRIED_STAYS = timedelta(minutes=5)
"""Lifetime of refused input (code, mobile, user name), which only the browser stores.

Other cookies live as long as what they name on the server.
"""

RENEWAL_SECONDS = 2.0


def set_session(cookies: Cookies, response: Response, key: str, stays: timedelta) -> None:
    """Set the session's cookie after sign-in; delete the cookies of unfinished tries."""
    _set(cookies, response, SESSION, key, stays)
    drop(cookies, response, PENDING)
    drop(cookies, response, MISTYPED)
    drop(cookies, response, SECOND)


def set_pending(cookies: Cookies, response: Response, sealed: str) -> None:
    _set(cookies, response, PENDING, sealed, PENDING_STAYS)
    drop(cookies, response, MISTYPED)


def set_mistyped(cookies: Cookies, response: Response, sealed: str) -> None:
    """Set a refused mobile or user name, so that the form can show it again."""
    _set(cookies, response, MISTYPED, sealed, TRIED_STAYS)


def set_second(cookies: Cookies, response: Response, sealed: str) -> None:
    """Set the sealed state after the right password: a second step, or its setup."""
    _set(cookies, response, SECOND, sealed, SECOND_STAYS)
    drop(cookies, response, MISTYPED)


def set_changing(cookies: Cookies, response: Response, sealed: str) -> None:
    _set(cookies, response, CHANGING, sealed, CHANGING_STAYS)


def set_device(cookies: Cookies, response: Response, value: str) -> None:
    """Set the cookie by which accounts and mobiles recognise this browser."""
    _set(cookies, response, DEVICE, value, DEVICE_STAYS)


def set_tried(cookies: Cookies, response: Response, code: str) -> None:
    """Set a refused tracking code for the form; only if it consists of digits."""
    typed = code if code.isascii() and code.isdecimal() else ""
    _set(cookies, response, TRIED, typed, TRIED_STAYS)


def set_visit(cookies: Cookies, response: Response, visit: str) -> None:
    """Set the visit of this browser."""
    _set(cookies, response, VISIT, visit, VISIT_STAYS)


def set_hall(cookies: Cookies, response: Response, key: str, stays: timedelta) -> None:
    """Make this browser the screen of a hall."""
    _set(cookies, response, HALL, key, stays)


def renew_visit(request: Request, response: Response, visit: str) -> None:
    """Set a new visit, and close the sockets of the previous one a moment later.

    Pages without a session then connect again with the new cookie.
    """
    found = application(request)
    set_visit(found.cookies, response, visit)
    before = sha("visit", keys(request).visit)
    later = asyncio.get_running_loop().call_later
    later(RENEWAL_SECONDS, found.sockets.end_visit, before)


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
