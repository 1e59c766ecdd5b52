"""Composition of all routes and ASGI layers, for `rx.App(api_transformer=…)`."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import anyio
from starlette.applications import Starlette
from starlette.types import ASGIApp

from publicmeeting.config import PROJECT, Settings
from publicmeeting.web.browser import ApplicationOf
from publicmeeting.web.checkup import Checkup
from publicmeeting.web.hall import routes as hall
from publicmeeting.web.hall import settings as hall_settings
from publicmeeting.web.layers.count import Counted, RequestIds
from publicmeeting.web.layers.faults import Faults
from publicmeeting.web.layers.few_at_once import FewAtOnce
from publicmeeting.web.layers.first_picture import BuiltPages, Fill, FirstPicture
from publicmeeting.web.layers.headers import Spoken
from publicmeeting.web.layers.origin import BehindProxies, OwnHost, ProxyTrust, SameOrigin
from publicmeeting.web.layers.slow_bodies import PatientBodies
from publicmeeting.web.layers.socket import PageSockets
from publicmeeting.web.layers.typed import TypedAddresses
from publicmeeting.web.logs import set_up_logs
from publicmeeting.web.plain import checking, draws, witness
from publicmeeting.web.plain.citizens import filing, my_changes, my_data, privacy, reading, whose
from publicmeeting.web.plain.officials import account, importing, invitation, keys, second_step
from publicmeeting.web.routes import (
    ink,
    native_forms,
    papers,
    photos,
    pictures,
    sign_in,
    single_sign_on,
    tables,
    unsent,
)
from publicmeeting.web.routes.photos import Spool
from publicmeeting.web.routes.programs import (
    health,
    inbound_sms,
    public_log,
    well_known,
    witness_words,
)

BUILT = PROJECT / ".web" / "build" / "client"
DECODING = 2
"""Photos decoded at the same time; one of fifty megapixels takes 200 MB while it is decoded."""
DECODING_HEIC = 1
"""HEIC photos decoded at the same time, in addition to `DECODING`.

A stranger can make a HEIC file that takes seconds. With a slot of its own it delays only other HEIC
files.
"""

Layer = Callable[[ASGIApp], ASGIApp]


def routes(application: ApplicationOf, settings: Settings) -> Starlette:
    """Return the routes that are not pages; the application is opened by the first request."""
    app = Starlette(
        routes=[
            *sign_in.routes(),
            *hall_settings.routes(),
            *hall.routes(),
            *single_sign_on.routes(),
            *second_step.routes(),
            *keys.routes(),
            *native_forms.routes(),
            *photos.routes(),
            *pictures.routes(),
            *my_data.routes(),
            *my_changes.routes(),
            *privacy.routes(),
            *papers.routes(),
            *tables.routes(),
            *ink.routes(),
            *unsent.routes(),
            *public_log.routes(),
            *health.routes(),
            *filing.routes(),
            *reading.routes(),
            *inbound_sms.routes(),
            *checking.routes(),
            *whose.routes(),
            *invitation.routes(),
            *importing.routes(),
            *account.routes(),
            *witness.routes(),
            *draws.routes(),
            *witness_words.routes(),
            *well_known.routes(),
        ]
    )
    app.state.application = application
    app.state.settings = settings
    app.state.decoding = anyio.CapacityLimiter(DECODING)
    app.state.decoding_heic = anyio.Semaphore(DECODING_HEIC)
    app.state.spool = Spool()
    app.state.proxy_trust = ProxyTrust(settings.trusted_proxy_hops)
    app.state.checkup = Checkup(application, settings, app.state.proxy_trust)
    return app


def transformers(
    application: ApplicationOf, settings: Settings, built: Path = BUILT, fill: Fill | None = None
) -> tuple[Starlette, *tuple[Layer, ...]]:
    """Return the routes, then the layers from the innermost to the outermost.

    A layer reads the built pages when it wraps the app, so composing the app needs no build. `fill`
    renders the page that strangers get, if it can.
    """
    set_up_logs(settings.log_form)
    app = routes(application, settings)
    return (
        app,
        partial(BuiltPages, built=built),
        partial(FirstPicture, application=application, fill=fill or _as_built),
        partial(TypedAddresses, routes=app, built=built),
        partial(OwnHost, settings=settings),
        PatientBodies,
        partial(Faults, routes=app),
        partial(PageSockets, application=application),
        partial(SameOrigin, origins=settings.origins),
        partial(Spoken, application=application, settings=settings, built=built),
        Counted,
        FewAtOnce,
        partial(BehindProxies, trust=app.state.proxy_trust, is_https=settings.is_https),
        RequestIds,
    )


async def _as_built(path: str) -> None:
    """Default of `fill`: every page is answered as it was built."""
    del path
