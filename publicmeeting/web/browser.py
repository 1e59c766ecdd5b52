"""What every route reads of a browser: its keys, its address, its forms."""

from collections.abc import Callable, Mapping

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.types import Scope

from publicmeeting.application import Application
from publicmeeting.config import Settings
from publicmeeting.kit.addresses import subscriber
from publicmeeting.usecases.accounts.credentials import Keys

FORM_BYTES = 64 * 1024
"""Of a form without files: four thousand letters, each written as six signs, and room."""
FORM_FIELDS = 40

ApplicationOf = Callable[[], Application]


def application(request: Request) -> Application:
    """The application, opened at the first command: composing the routes needs no database."""
    found: ApplicationOf = request.app.state.application
    return found()


def settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def keys(request: Request) -> Keys:
    cookies = application(request).cookies
    sent = request.headers
    return cookies.keys(sent.get("cookie", ""), address(request), sent.get("user-agent", ""))


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
