"""Where a browser goes whose scripts cannot read those of a page (`assets/old.js`)."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.web.addresses import local, see_other

START = "/plain/"
_WITH_PLAIN_ONE = ("/request/", "/track/", "/mine/", "/receipt/", "/enter/")
"""Pages that have a plain one of their name, with the same query."""


async def plain_one(request: Request) -> Response:
    """The plain page in the place of the one it was `at`, else where the plain pages begin."""
    at = urlsplit(local(START, request.query_params.get("at", "")))
    if not at.path.startswith(_WITH_PLAIN_ONE):
        return see_other(START)
    return see_other(f"/plain{at.path}?{at.query}" if at.query else f"/plain{at.path}")


def routes() -> list[Route]:
    return [Route("/plain/old/", plain_one, methods=["GET"])]
