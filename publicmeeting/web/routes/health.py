"""For those who run the service: is it well, and how much does it do. No secrets, no persons."""

import ipaddress

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from publicmeeting.web import browser
from publicmeeting.web.checkup import NEEDED, Checkup, Findings, Verdict
from publicmeeting.web.metrics import exposition
from publicmeeting.web.plain.page import not_found

_EVERY = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_ROBOTS = """User-agent: *
Disallow: /auth/
Disallow: /images/
Disallow: /mine/
Disallow: /pass/
Disallow: /plain/
Disallow: /proof/
Disallow: /receipt/
Disallow: /staff/
"""


async def live(request: Request) -> Response:
    """200 while this process answers at all: whoever started it starts it anew when it does not.
    Asks nothing of anybody, so no other part's fault ends this process."""
    del request
    return JSONResponse({"process": Verdict.OK})


async def ready(request: Request) -> Response:
    """200 while this process can answer people, else 503: a proxy sends them to another one."""
    found = await _checkup(request).findings()
    return _report(found, is_well=all(found[part].is_well for part in NEEDED))


async def well(request: Request) -> Response:
    """200 if every part is well, else 503; each with its own word, for those who run the service
    and for what wakes them. From this machine or its network also with figures."""
    found = await _checkup(request).findings()
    is_near = _is_near(request)
    return _report(found, is_well=all(one.is_well for one in found.values()), with_figures=is_near)


def _report(found: Findings, *, is_well: bool, with_figures: bool = False) -> Response:
    report: dict[str, object] = {part: finding.verdict for part, finding in found.items()}
    if with_figures:
        report["figures"] = {part: dict(one.figures) for part, one in found.items() if one.figures}
    return JSONResponse(report, 200 if is_well else 503, headers={"Cache-Control": "no-store"})


async def metrics(request: Request) -> Response:
    """Prometheus text, for addresses of this machine or its network only."""
    if not _is_near(request):
        return PlainTextResponse("", 404)
    found = await _checkup(request).findings()
    return Response(
        exposition(browser.application(request), found),
        media_type=CONTENT_TYPE_LATEST,
        headers={"Cache-Control": "no-store"},
    )


async def robots(request: Request) -> Response:
    del request
    return PlainTextResponse(_ROBOTS)


def _checkup(request: Request) -> Checkup:
    found: Checkup = request.app.state.checkup
    return found


async def closed(request: Request) -> Response:
    """In the place of what the framework would tell of itself."""
    return not_found(request)


def _is_near(request: Request) -> bool:
    """Whether it comes from this machine or its network, and not through a proxy that is near and
    that nobody told us of: behind that one is the world."""
    if request.app.state.proxy_trust.surprises(request.headers):
        return False
    try:
        return ipaddress.ip_address(browser.address(request)).is_private
    except ValueError:
        return False


def routes() -> list[Route]:
    return [
        *(Route(path, closed, methods=_EVERY) for path in ("/ping", "/_health")),
        Route("/live", live),
        Route("/ready", ready),
        Route("/health", well),
        Route("/metrics", metrics),
        Route("/robots.txt", robots),
    ]
