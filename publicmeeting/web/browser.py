"""What every route reads of a browser, and the cookies it gives back."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from publicmeeting.config import Settings
from publicmeeting.kit.addresses import subscriber
from publicmeeting.kit.codes import token
from publicmeeting.office import Office
from publicmeeting.usecases.code_tracking import TRIED
from publicmeeting.usecases.keys import DEVICE, SESSION, VISIT, Keys, keys_of
from publicmeeting.usecases.pending import PENDING
from publicmeeting.usecases.pending import STAYS as PENDING_STAYS

VISIT_STAYS = timedelta(days=180)
DEVICE_STAYS = timedelta(days=400)
TRIED_STAYS = timedelta(minutes=5)
"""Of cookies that end with the browser alone; the others stay as long as the server's own word."""

FORM_BYTES = 64 * 1024
"""Of a form without files: four thousand letters, each written as six signs, and room."""
FORM_FIELDS = 40

OfficeOf = Callable[[], Office]


def office(request: Request) -> Office:
    """The office, opened at the first wish: composing the routes needs no database."""
    found: OfficeOf = request.app.state.office
    return found()


def settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def keys(request: Request) -> Keys:
    return keys_of(request.headers.get("cookie", ""), address(request))


def address(request: Request) -> str:
    """Where the request comes from, for rate limits; the proxy layer has put the client's here."""
    return subscriber(request.client.host if request.client else "")


async def form(request: Request, most: int = FORM_BYTES) -> FormData:
    """The fields of a form without files; `most` bytes each, six for a Persian letter."""
    return await request.form(max_files=0, max_fields=FORM_FIELDS, max_part_size=most)


def word(fields: Mapping[str, object], name: str) -> str:
    """One field as text; empty when it is missing or no text."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def set_session(response: Response, key: str, stays: timedelta, *, is_https: bool) -> None:
    """Signed in: the session's key comes, the waiting mobile goes."""
    _set(response, SESSION, key, stays, is_https=is_https)
    drop(response, PENDING, is_https=is_https)


def set_pending(response: Response, sealed: str, *, is_https: bool) -> None:
    _set(response, PENDING, sealed, PENDING_STAYS, is_https=is_https)


def set_device(response: Response, value: str, *, is_https: bool) -> None:
    """By which accounts and mobiles this browser is known again."""
    _set(response, DEVICE, value, DEVICE_STAYS, is_https=is_https)


def set_tried(response: Response, code: str, *, is_https: bool) -> None:
    """A refused tracking code, for the form's next showing: digits only, whatever was typed."""
    typed = code if code.isascii() and code.isdecimal() else ""
    _set(response, TRIED, typed, TRIED_STAYS, is_https=is_https)


def renew_visit(response: Response, *, is_https: bool) -> None:
    """A new visit: whoever comes next at this browser gets nothing of the last one's."""
    _set(response, VISIT, token(), VISIT_STAYS, is_https=is_https)


def drop(response: Response, name: str, *, is_https: bool) -> None:
    response.delete_cookie(name, path="/", secure=is_https, httponly=True, samesite="lax")


def _set(response: Response, name: str, value: str, stays: timedelta, *, is_https: bool) -> None:
    seconds = int(stays.total_seconds())
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=is_https, httponly=True, samesite="lax"
    )
