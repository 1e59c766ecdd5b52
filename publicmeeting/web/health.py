"""For those who run the service: is it well, and how much does it do. No secrets, no persons."""

import ipaddress
from datetime import timedelta

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from publicmeeting.store.migrate import needs_upgrade
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.health import Health, health
from publicmeeting.usecases.keys import Keys
from publicmeeting.web import browser

BEHIND = timedelta(minutes=5)
"""What has been due for so long, or a second of the worker's that has no end for so long, says that
the clock's work stands still."""
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


async def well(request: Request) -> Response:
    """200 if database, tables and worker are well, else 503; each with its own word."""
    found = await _look(request)
    parts = {
        "database": found is not None,
        "tables": found is not None and await _tables_are_new(request),
        "worker": found is not None and _worker_is_well(request, found),
    }
    said = {name: "ok" if fine else "fault" for name, fine in parts.items()}
    return JSONResponse(said, 200 if all(parts.values()) else 503)


async def metrics(request: Request) -> Response:
    """Prometheus text, for addresses of this machine or its network only."""
    if not _is_near(browser.address(request)):
        return PlainTextResponse("", 404)
    found = await _look(request)
    lines = ["# TYPE publicmeeting_answers_total counter"]
    for (kind, method, status), count in sorted(request.app.state.counts.items()):
        labels = f'kind="{kind}",method="{method}",status="{status}"'
        lines.append(f"publicmeeting_answers_total{{{labels}}} {count}")
    lines += _gauge("open_pages", browser.office(request).bell.listeners())
    lines += _gauge("database_up", int(found is not None))
    if found is not None:
        lines += _gauge("notices_waiting", found.notices_waiting)
        lines += _gauge("clock_behind_seconds", round(found.behind.total_seconds()))
    return PlainTextResponse("\n".join([*lines, ""]), media_type="text/plain; version=0.0.4")


async def robots(request: Request) -> Response:
    del request
    return PlainTextResponse(_ROBOTS)


async def _look(request: Request) -> Health | None:
    """None when the database does not answer, whatever the reason."""
    try:
        return await browser.office(request).look(health, Keys(), Nothing())
    except Exception:  # noqa: BLE001  (any fault of any database is this one finding)
        return None


async def _tables_are_new(request: Request) -> bool:
    """Asked until they are: tables do not change under a running server."""
    state = request.app.state
    if not state.tables_are_new:
        old = await anyio.to_thread.run_sync(needs_upgrade, browser.settings(request))
        state.tables_are_new = not old
    return bool(state.tables_are_new)


def _worker_is_well(request: Request, found: Health) -> bool:
    """The worker of this process comes to an end of its seconds, and nothing is left lying."""
    office = browser.office(request)
    kept_at = office.worker.kept_at
    return kept_at is not None and max(office.clock() - kept_at, found.behind) <= BEHIND


def _is_near(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False


def _gauge(name: str, value: int) -> list[str]:
    return [f"# TYPE publicmeeting_{name} gauge", f"publicmeeting_{name} {value}"]


def routes() -> list[Route]:
    return [
        Route("/health", well),
        Route("/metrics", metrics),
        Route("/robots.txt", robots),
    ]
