"""Local redirects after a form (303), with the key of a refusal in the query."""

import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import RedirectResponse

from publicmeeting.domain.errors import Refusal

REFUSED = "e"
"""Query parameter with the key of a refusal.

Whole numbers that its sentence needs follow under their own names (`minutes=1`). No other fact of a
refusal is put into an address.
"""
SENT = "sent"
"""`sent=1`: a code is on its way."""
_NUMBERS = {"minutes", "digits", "limit", "length", "least", "megabytes", "megapixels"}
_SAYS = {REFUSED, SENT, *_NUMBERS}
"""Query parameters set by an earlier answer; the next redirect removes them."""
_OTHER = "other"
"""Query parameter of a page that asks for another mobile; removed once a code is on its way."""
_LONGEST = 300
_DELETE = 0x7F


_NUMBER = "[0-9]{1,9}"
"""At most nine digits.

Python refuses to parse thousands of digits, and a PostgreSQL integer ends at 2,147,483,647. Without
the limit any address could cause a server error.
"""


class Number(IntegerConvertor):
    """Route convertor `{name:number}`, instead of `int`, which accepts any number of digits."""

    regex = _NUMBER


register_url_convertor("number", Number())


def number_in(text: str) -> int | None:
    """Return a number from a query or a part of a path; None if it has no such form."""
    return int(text) if re.fullmatch(_NUMBER, text) else None


def is_local(path: str) -> bool:
    """Whether this is a local path: no scheme, no host, nothing that a browser would turn into one.

    Browsers read a backslash as a slash and drop tabs and line ends inside an address.
    """
    if not path.startswith("/") or path.startswith("//") or len(path) > _LONGEST:
        return False
    if "\\" in path or any(ord(sign) <= ord(" ") or ord(sign) == _DELETE for sign in path):
        return False
    parts = urlsplit(path)
    return not parts.scheme and not parts.netloc


def local(otherwise: str, *paths: str) -> str:
    """Return the first local path among `paths`, else `otherwise`."""
    return next((path for path in paths if is_local(path)), otherwise)


def split_referer(referer: str) -> SplitResult:
    """Return the parts of a Referer header; all empty if it is not a valid address."""
    try:
        return urlsplit(referer)
    except ValueError:
        return urlsplit("")


def origin_of(referer: SplitResult) -> str:
    """Return scheme and host in the form in which `Settings.origins` lists them."""
    return f"{referer.scheme}://{referer.netloc}"


def came_from(request: Request, origins: tuple[str, ...]) -> str:
    """Return path and query of the page with the form, by its Referer; empty for other origins."""
    parts = split_referer(request.headers.get("referer", ""))
    if origin_of(parts) not in origins:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def read_next(request: Request, origins: tuple[str, ...]) -> str:
    """Return `next` from the address of the page with the form, if it is a local path; else "".

    For example `/sign-in/?next=/desk/`. The server reads it instead of the page, because the form
    also works before the page's JavaScript runs.
    """
    query = dict(parse_qsl(came_from(request, origins).partition("?")[2]))
    return local("", query.get("next", ""))


def see_other(
    path: str, refusal: Refusal | None = None, *, sent: bool = False, mark: str = ""
) -> RedirectResponse:
    """Redirect with 303 to a local path; messages of an earlier answer are replaced.

    `mark` is the fragment after `#`, for the page's own script.
    """
    parts = urlsplit(path)
    over = _SAYS | {_OTHER} if sent else _SAYS
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in over]
    if sent:
        query.append((SENT, "1"))
    if refusal is not None:
        query.append((REFUSED, refusal.key))
        query += [(k, str(fact)) for k, fact in refusal.facts.items() if type(fact) is int]
    target = f"{parts.path}?{urlencode(query)}" if query else parts.path
    if mark:
        target += f"#{mark}"
    return RedirectResponse(target, 303, headers={"Cache-Control": "no-store"})
