"""The page of a witness: one script, a key that never leaves the browser, and no account."""

import functools
import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.config import PROJECT
from publicmeeting.text.line import witness_text
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.bundling import bundled
from publicmeeting.web.plain.elements import el, link
from publicmeeting.web.plain.page import page

_SHELL = PROJECT / "publicmeeting" / "ui" / "shell"
_SCRIPTS = (
    *(_SHELL / name for name in ("sha256.js", "ed25519.js", "merkle.js", "note.js")),
    PROJECT / "publicmeeting" / "web" / "plain" / "witness.js",
)


@functools.cache
def witness_script() -> str:
    """All the code of the page; its hash stands on it."""
    return bundled(_SCRIPTS)


async def show(request: Request) -> Response:
    """The same page for everybody."""
    return page(
        request,
        witness_text.TITLE,
        elements.title(witness_text.TITLE),
        el("noscript", elements.notice(witness_text.NO_SCRIPT)),
        el("div", id="witness", data_words=json.dumps(witness_text.PAGE, ensure_ascii=False)),
        el("p", link(witness_text.COMMAND, "/witness.py"), class_="mt-8 no-print"),
        beside=link(witness_text.WATCH, "/ceremony/"),
        script=witness_script(),
    )


def routes() -> list[Route]:
    return [Route("/witness/", show)]
