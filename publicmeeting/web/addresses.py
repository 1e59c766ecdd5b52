"""Where a form leads: to a page of this site, with the word of a refusal if there is one."""

import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import RedirectResponse

from publicmeeting.domain.errors import Refusal

REFUSED = "e"
"""The query's name of a refusal's key. The whole numbers its sentence needs follow by their own
names (`minutes=1`); nothing else of a refusal may stand in an address."""
SENT = "sent"
"""`sent=1`: a code is on its way."""
_NUMBERS = {"minutes", "digits", "limit", "length", "least", "megabytes", "megapixels"}
_SAYS = {REFUSED, SENT, *_NUMBERS}
"""What an earlier answer has put into an address."""
_OTHER = "other"
"""A page's own word for «another mobile, please»: done with once a code is on its way."""
_LONGEST = 300
_DELETE = 0x7F


_NUMBER = "[0-9]{1,9}"
"""Python refuses thousands of digits, and a column of PostgreSQL whatever is beyond 2,147,483,647:
anybody's address would be a fault of the program."""


class Number(IntegerConvertor):
    """`{name:number}` in a route, in the place of `int`, which reads any count of digits."""

    regex = _NUMBER


register_url_convertor("number", Number())


def number_in(text: str) -> int | None:
    """The same of a query or a part of a path; None for what is none."""
    return int(text) if re.fullmatch(_NUMBER, text) else None


def is_local(path: str) -> bool:
    """Whether this is a path of our own: no scheme, no host, nothing a browser would turn into one.

    Browsers read a backslash as a slash and drop tabs and line ends inside an address.
    """
    if not path.startswith("/") or path.startswith("//") or len(path) > _LONGEST:
        return False
    if "\\" in path or any(ord(sign) <= ord(" ") or ord(sign) == _DELETE for sign in path):
        return False
    parts = urlsplit(path)
    return not parts.scheme and not parts.netloc


def local(otherwise: str, *paths: str) -> str:
    """The first of these that is a path of our own."""
    return next((path for path in paths if is_local(path)), otherwise)


def split_referer(referer: str) -> SplitResult:
    """The parts of a page's address as a browser, or anybody, has sent it; none of what is no
    address."""
    try:
        return urlsplit(referer)
    except ValueError:
        return urlsplit("")


def origin_of(referer: SplitResult) -> str:
    """Scheme and host, as origins are listed."""
    return f"{referer.scheme}://{referer.netloc}"


def came_from(request: Request, origins: tuple[str, ...]) -> str:
    """The page whose form this is, if its Referer says so and is ours; else nothing."""
    parts = split_referer(request.headers.get("referer", ""))
    if origin_of(parts) not in origins:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def read_next(request: Request, origins: tuple[str, ...]) -> str:
    """The `next` in the address of the page whose form this is (`/sign-in/?next=/desk/`), if it
    is a path of our own; else nothing.

    Read here, not by the page: the form leads there before the page is alive, too.
    """
    query = dict(parse_qsl(came_from(request, origins).partition("?")[2]))
    return local("", query.get("next", ""))


def see_other(
    path: str, refusal: Refusal | None = None, *, sent: bool = False, mark: str = ""
) -> RedirectResponse:
    """303 to a local path. The message of an earlier answer is replaced by the new one.

    `mark` stands behind `#`, for the page's own script.
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
