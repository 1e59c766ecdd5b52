"""Health and metrics for operators; without secrets and personal data."""

import ipaddress
from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from publicmeeting.application import Application
from publicmeeting.kit.process.figures import FIGURES
from publicmeeting.notify.circuit import CircuitState, GatewayStatus
from publicmeeting.web import browser
from publicmeeting.web.checkup import NEEDED, Checkup, Finding, Findings, Part, Verdict
from publicmeeting.web.plain.page import not_found

# `/metrics`: counters, and the state of this process's parts at the time of the request.

_OWN = "publicmeeting_"
_FIGURES: dict[Part, dict[str, tuple[str, str]]] = {
    Part.WORKER: {
        "behind_seconds": (
            "clock_behind_seconds",
            "How long the oldest freeze, draw or deadline of the clock has been due",
        ),
        "silent_seconds": (
            "worker_silent_seconds",
            "Since the worker last came to the end of a second",
        ),
        "notices_waiting": ("notices_waiting", "Notices that are still to be sent"),
        "notices_failing": ("notices_failing", "Of those, tried in vain so far"),
        "unfound": ("clock_unfound", "Kinds of the clock's work that it cannot look for"),
        "swept_seconds_ago": ("swept_seconds_ago", "Since the last sweep of rows and files"),
    },
    Part.CLOCK: {
        "drift_seconds": ("clock_drift_seconds", "This machine's clock minus the database's")
    },
    Part.DISK: {"free_mb": ("disk_free_megabytes", "Room on the data folder's disk")},
    Part.REDIS: {"answer_ms": ("redis_answer_milliseconds", "How long Redis took to answer")},
    Part.SMS_BUDGET: {"codes_today": ("sms_codes_today", "One-time codes sent today")},
    Part.LOG: {"entries": ("log_entries", "Entries of the public log")},
    Part.AUDIT: {
        "findings": ("log_audit_findings", "Faults the newest audit of the public log found"),
        "read": ("log_audit_entries", "Entries of the public log that it read"),
    },
    Part.DOCTOR: {
        "findings": ("doctor_findings", "What doctor found when it last came to its end"),
        "seconds_ago": ("doctor_seconds_ago", "Since doctor last came to its end"),
    },
    Part.BACKUP: {
        "seconds_ago": ("backup_seconds_ago", "Since a backup was last reported complete")
    },
    Part.PROXY: {
        "unexpected_forwarded": (
            "unexpected_forwarded",
            "Whether a proxy came that was not told of",
        )
    },
}
"""Figure of a finding → name and help."""


def exposition(application: Application, found: Findings) -> bytes:
    """Return all metrics as Prometheus text."""
    now = CollectorRegistry(auto_describe=False)
    now.register(_Now(application, found))
    return generate_latest(FIGURES) + generate_latest(now)


class _Now(Collector):
    def __init__(self, application: Application, found: Findings) -> None:
        self._application = application
        self._found = found

    def collect(self) -> Iterator[Metric]:
        application, found = self._application, self._found
        yield _gauge(
            "open_pages", "Topics that open pages await", application.pubsub.subscriptions()
        )
        yield _gauge("websockets", "Open sockets", len(application.sockets))
        yield _gauge("page_tasks", "Handlers that run beside pages", application.sockets.tasks())
        in_use, most = application.store.connections()
        yield _gauge("database_connections", "Connections of the pool in use", in_use)
        yield _gauge("database_connections_most", "Connections the pool may have", most)
        yield _gauge("database_up", "Whether the database answers", found[Part.DATABASE].is_well)
        if found[Part.REDIS].verdict is not Verdict.UNUSED:
            yield _gauge("redis_up", "Whether Redis answers", found[Part.REDIS].is_well)
        yield from _parts(found)
        yield _gauge(
            "sweep_stopped",
            "Whether a sweep of files waits for somebody to look",
            "sweep" in found[Part.FILES].figures,
        )
        for part, figures in _FIGURES.items():
            yield from _figures(found[part], figures)
        yield from _gateways(application.gateways())


def _parts(found: Findings) -> Iterator[Metric]:
    well = GaugeMetricFamily(
        f"{_OWN}part_well", "Whether a part is well, as /health says", labels=["part"]
    )
    low = GaugeMetricFamily(
        f"{_OWN}part_low", "Whether a part is still well, and not for long", labels=["part"]
    )
    for part, finding in found.items():
        well.add_metric([part], float(finding.is_well))
        low.add_metric([part], float(finding.verdict is Verdict.LOW))
    yield from (well, low)


def _figures(finding: Finding, figures: dict[str, tuple[str, str]]) -> Iterator[Metric]:
    for figure, (name, help_) in figures.items():
        if figure in finding.figures:
            yield _gauge(name, help_, float(finding.figures[figure]))


def _gateways(gateways: tuple[GatewayStatus, ...]) -> Iterator[Metric]:
    sent = CounterMetricFamily(
        f"{_OWN}gateway_messages",
        "Messages by what the gateway made of them",
        labels=["gateway", "outcome"],
    )
    is_open = GaugeMetricFamily(
        f"{_OWN}gateway_open", "Whether messages are held back from a gateway", labels=["gateway"]
    )
    seconds = GaugeMetricFamily(
        f"{_OWN}gateway_seconds", "How long its newest answer took", labels=["gateway"]
    )
    in_flight = GaugeMetricFamily(
        f"{_OWN}gateway_in_flight", "Messages on their way", labels=["gateway"]
    )
    for gateway in gateways:
        for outcome in ("taken", "refused", "unreachable", "unanswered"):
            sent.add_metric([gateway.name, outcome], getattr(gateway, outcome))
        is_open.add_metric([gateway.name], float(gateway.circuit is not CircuitState.CLOSED))
        in_flight.add_metric([gateway.name], gateway.in_flight)
        if gateway.seconds is not None:
            seconds.add_metric([gateway.name], gateway.seconds)
    yield from (sent, is_open, seconds, in_flight)


def _gauge(name: str, help_: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{_OWN}{name}", help_, value=float(value))


_EVERY = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


async def live(request: Request) -> Response:
    """200 while this process answers; a supervisor restarts it otherwise.

    It asks no other part, so no other part's fault restarts this process.
    """
    del request
    return JSONResponse({"process": Verdict.OK})


async def ready(request: Request) -> Response:
    """200 while this process can serve people, else 503, so that a proxy uses another process."""
    found = await _checkup(request).findings()
    return _report(found, is_well=all(found[part].is_well for part in NEEDED))


async def well(request: Request) -> Response:
    """200 if every part is well, else 503, with a verdict for each part.

    Clients of this machine or its network also get figures.
    """
    found = await _checkup(request).findings()
    is_near = _is_near(request)
    return _report(
        found, is_well=all(finding.is_well for finding in found.values()), with_figures=is_near
    )


def _report(found: Findings, *, is_well: bool, with_figures: bool = False) -> Response:
    report: dict[str, object] = {part: finding.verdict for part, finding in found.items()}
    if with_figures:
        report["figures"] = {
            part: dict(finding.figures) for part, finding in found.items() if finding.figures
        }
    return JSONResponse(report, 200 if is_well else 503, headers={"Cache-Control": "no-store"})


async def metrics(request: Request) -> Response:
    """Prometheus text, only for clients of this machine or its network."""
    if not _is_near(request):
        return PlainTextResponse("", 404)
    found = await _checkup(request).findings()
    return Response(
        exposition(browser.application(request), found),
        media_type=CONTENT_TYPE_LATEST,
        headers={"Cache-Control": "no-store"},
    )


def _checkup(request: Request) -> Checkup:
    found: Checkup = request.app.state.checkup
    return found


async def closed(request: Request) -> Response:
    """Replaces the framework's own page about itself."""
    return not_found(request)


def _is_near(request: Request) -> bool:
    """Whether the client is on this machine or its network.

    False for requests through a nearby proxy that is not configured: any client may be behind it.
    """
    if request.app.state.proxy_trust.surprises(request.scope):
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
    ]
