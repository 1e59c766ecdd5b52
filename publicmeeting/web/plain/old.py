"""Redirect for browsers that cannot run the scripts of a page (`assets/old.js`)."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.web.addresses import local, see_other

START = "/plain/"
_WITH_PLAIN_ONE = ("/request/", "/track/", "/mine/", "/receipt/", "/enter/")
"""Pages with a plain version under `/plain`, with the same query."""


async def plain_one(request: Request) -> Response:
    """Redirect to the plain version of the page `at`, else to the start of the plain pages."""
    at = urlsplit(local(START, request.query_params.get("at", "")))
    if not at.path.startswith(_WITH_PLAIN_ONE):
        return see_other(START)
    return see_other(f"/plain{at.path}?{at.query}" if at.query else f"/plain{at.path}")


def routes() -> list[Route]:
    return [Route("/plain/old/", plain_one, methods=["GET"])]
