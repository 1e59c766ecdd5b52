"""The cookies an answer sets: which, for how long, and that no script can read them.

How they are called and read: `usecases/accounts/credentials.py`, which pages use as well.
"""

import asyncio
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from publicmeeting.kit.hashing import sha
from publicmeeting.usecases.accounts.credentials import DEVICE, SESSION, VISIT, Cookies
from publicmeeting.usecases.accounts.factors.pending_second import SECOND
from publicmeeting.usecases.accounts.factors.pending_second import STAYS as SECOND_STAYS
from publicmeeting.usecases.accounts.person.correcting import CHANGING
from publicmeeting.usecases.accounts.person.correcting import STAYS as CHANGING_STAYS
from publicmeeting.usecases.accounts.signing_in.pending_sign_in import MISTYPED, PENDING
from publicmeeting.usecases.accounts.signing_in.pending_sign_in import STAYS as PENDING_STAYS
from publicmeeting.usecases.tracking.by_code import TRIED
from publicmeeting.web.browser import application, keys

HALL = "hall"
"""The key by which a television shows its hall."""
VISIT_STAYS = timedelta(days=180)
DEVICE_STAYS = timedelta(days=400)
TRIED_STAYS = timedelta(minutes=5)
"""Of cookies that end with the browser alone; the others stay as long as the server's own word."""

RENEWAL_SECONDS = 2.0
POLICY_VIOLATION = 1008
"""With this code a socket is closed whose browser is somebody else's now."""


def set_session(cookies: Cookies, response: Response, key: str, stays: timedelta) -> None:
    """Signed in: the session's key comes; what waited for a code goes."""
    _set(cookies, response, SESSION, key, stays)
    drop(cookies, response, PENDING)
    drop(cookies, response, SECOND)


def set_pending(cookies: Cookies, response: Response, sealed: str) -> None:
    _set(cookies, response, PENDING, sealed, PENDING_STAYS)
    drop(cookies, response, MISTYPED)


def set_mistyped(cookies: Cookies, response: Response, sealed: str) -> None:
    """A refused mobile or user name, for the form's next showing."""
    _set(cookies, response, MISTYPED, sealed, TRIED_STAYS)


def set_second(cookies: Cookies, response: Response, sealed: str) -> None:
    """The password was right: who waits for his second step, or what he sets up."""
    _set(cookies, response, SECOND, sealed, SECOND_STAYS)


def set_changing(cookies: Cookies, response: Response, sealed: str) -> None:
    _set(cookies, response, CHANGING, sealed, CHANGING_STAYS)


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


def set_hall(cookies: Cookies, response: Response, key: str, stays: timedelta) -> None:
    """This browser is the screen of a hall."""
    _set(cookies, response, HALL, key, stays)


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
