"""A file that is not there: a page for whoever opened its address, a sentence for programs."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from publicmeeting.text.common import shell_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.web.plain import parts
from publicmeeting.web.plain.markup import el
from publicmeeting.web.plain.page import page


def nothing(request: Request, headers: Mapping[str, str] | None = None) -> Response:
    """Missing, forbidden and impossible: the same bytes. `headers` are for the bare sentence; a
    page brings its own."""
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(refusal("not_found"), 404, headers=headers)
    home = el("p", el("a", shell_text.HOME, href="/", class_="btn btn-primary"), class_="mt-4")
    inside = parts.title(shell_text.NOT_FOUND), parts.muted(shell_text.NOT_FOUND_WHY), home
    return page(request, shell_text.NOT_FOUND, *inside, status=404)
