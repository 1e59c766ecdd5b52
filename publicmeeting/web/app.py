"""All routes of ours and the layers around every answer, for `rx.App(api_transformer=…)`."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import anyio
from starlette.applications import Starlette
from starlette.types import ASGIApp

from publicmeeting.config import PROJECT, Settings
from publicmeeting.web import (
    demo,
    drafts,
    entry,
    health,
    ink,
    late_promises,
    papers,
    photos,
    pictures,
    public_log,
    scan,
    straightening,
    tracking,
)
from publicmeeting.web.browser import ApplicationOf
from publicmeeting.web.checkup import Checkup
from publicmeeting.web.count import Counted
from publicmeeting.web.faults import Faults
from publicmeeting.web.first_picture import Fill, FirstPicture
from publicmeeting.web.headers import Spoken
from publicmeeting.web.hosts import OwnHost
from publicmeeting.web.logs import set_up_logs
from publicmeeting.web.origin import SameOrigin
from publicmeeting.web.plain import checking, filing, reading
from publicmeeting.web.proxy import BehindProxies, ProxyTrust
from publicmeeting.web.request_ids import RequestIds
from publicmeeting.web.slow import PatientBodies
from publicmeeting.web.socket import PageSockets

BUILT = PROJECT / ".web" / "build" / "client"
DECODING = 2
"""Photos decoded at once; fifty megapixels are 200 MB while they are read."""
DECODING_HEIC = 1
"""Beside them: a stranger can make one that takes seconds, and then nothing but HEIC waits."""

Layer = Callable[[ASGIApp], ASGIApp]


def routes(application: ApplicationOf, settings: Settings, built: Path = BUILT) -> Starlette:
    """The routes that are not pages; `office` is asked at the first request, not here."""
    app = Starlette(
        routes=[
            *entry.routes(),
            *demo.routes(),
            *drafts.routes(),
            *photos.routes(),
            *pictures.routes(),
            *straightening.routes(),
            *tracking.routes(),
            *papers.routes(),
            *late_promises.routes(),
            *ink.routes(),
            *scan.routes(),
            *public_log.routes(),
            *health.routes(),
            *filing.routes(),
            *reading.routes(),
            *checking.routes(),
        ]
    )
    app.state.application = application
    app.state.settings = settings
    app.state.built = built
    app.state.decoding = anyio.CapacityLimiter(DECODING)
    app.state.decoding_heic = anyio.Semaphore(DECODING_HEIC)
    app.state.proxy_trust = ProxyTrust(settings.trusted_proxy_hops)
    app.state.checkup = Checkup(application, settings, app.state.proxy_trust)
    return app


def transformers(
    application: ApplicationOf, settings: Settings, built: Path = BUILT, fill: Fill | None = None
) -> tuple[Starlette, *tuple[Layer, ...]]:
    """Routes first, then the layers from the inside out.

    A layer reads the built pages when it is put around them, so composing the app needs no build.
    `fill` makes the pages that strangers are answered with, where it can.
    """
    set_up_logs(settings.log_form)
    app = routes(application, settings, built)
    return (
        app,
        partial(FirstPicture, application=application, fill=fill or _as_built),
        partial(OwnHost, settings=settings),
        PatientBodies,
        partial(Faults, routes=app),
        partial(PageSockets, application=application),
        partial(SameOrigin, origins=settings.origins),
        partial(Spoken, application=application, settings=settings, built=built),
        Counted,
        partial(BehindProxies, trust=app.state.proxy_trust, is_https=settings.is_https),
        RequestIds,
    )


async def _as_built(path: str) -> None:
    """Every page is answered as it was built."""
    del path
