"""Access to the parts of a request that every route needs: cookies, address, form fields."""

from collections.abc import Callable, Mapping

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.types import Scope

from publicmeeting.application import Application
from publicmeeting.config import Settings
from publicmeeting.kit.browsers import subscriber
from publicmeeting.usecases.accounts.credentials import Keys

FORM_BYTES = 64 * 1024
"""Maximum size, in bytes, of a form without files.

Enough for four thousand Persian letters, six bytes each in URL encoding.
"""
FORM_FIELDS = 40

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


async def form(request: Request, most: int = FORM_BYTES) -> FormData:
    """Return the fields of a form without files, at most `most` bytes each.

    A Persian letter takes six bytes in URL encoding.
    """
    return await request.form(max_files=0, max_fields=FORM_FIELDS, max_part_size=most)


def word(fields: Mapping[str, object], name: str) -> str:
    """Return one field as text; empty if it is missing or a file."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""
