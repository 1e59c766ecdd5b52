"""Page for a mayor's tablet that is reloaded without a network: a service worker with one page.

The page is the same for all, so it stores no personal data on a tablet that several people use.
Unsent input stays where it is (`ui/mayor/ink/keeping.js`) and is removed once a real page is back.
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
"""Its folder is the scope of the service worker."""
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_AGAIN = "5"
"""Seconds after which the page requests the real one."""
_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)


async def worker(_request: Request) -> Response:
    """Return the service worker; browsers compare it with the installed one."""
    return Response(_script(), media_type="text/javascript")


@functools.cache
def _script() -> str:
    source = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    for name, text in (("PAGE", _page()), ("POLICY", _POLICY)):
        source = source.replace(f'"{name}"', json.dumps(text, ensure_ascii=False))
    return source


def _page() -> str:
    """Return the page, with the style sheet of `assets/unavailable.html`."""
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
