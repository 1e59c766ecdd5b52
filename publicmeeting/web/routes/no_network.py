"""What a mayor's tablet shows when it is reloaded without a network: a worker with one page in it.

The page is the same for everybody, so that nothing of anybody lies on a tablet that several people
use. What was written lies where it did (`ui/mayor/ink/keeping.js`) and goes when a page is back.
"""

import functools
import json
import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.config import PROJECT
from publicmeeting.text.meetings import offline_text
from publicmeeting.web.plain.elements import Ours, el

WORKER = "/mayor/no-network.js"
"""Its folder is all that it may answer for."""
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_AGAIN = "5"
"""Seconds after which the page asks for the real one."""
_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)


async def worker(_request: Request) -> Response:
    """The worker, for the browser that asks whether it is still the same."""
    return Response(_script(), media_type="text/javascript")


@functools.cache
def _script() -> str:
    source = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    for name, text in (("PAGE", _page()), ("POLICY", _POLICY)):
        source = source.replace(f'"{name}"', json.dumps(text, ensure_ascii=False))
    return source


def _page() -> str:
    """Looks like `assets/unavailable.html`, whose sheet it takes."""
    sheet = (PROJECT / "assets" / "unavailable.html").read_text(encoding="utf-8")
    style = _STYLE.search(sheet)
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", http_equiv="refresh", content=_AGAIN),
        el("title", offline_text.NO_NETWORK),
        el("style", Ours(style[1] if style else "")),
    )
    main = el(
        "main",
        el("h1", offline_text.NO_NETWORK),
        el("p", offline_text.NO_NETWORK_SAFE),
        el("p", el("a", offline_text.NO_NETWORK_AGAIN, href="")),
        el("small", offline_text.NO_NETWORK_PAPER),
    )
    html = el("html", head, el("body", el("header"), main), lang="fa", dir="rtl")
    return f"<!doctype html>{html}"


def routes() -> list[Route]:
    return [Route(WORKER, worker)]
