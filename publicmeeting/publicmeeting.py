"""Composes rx.App: pages from ui.routes, routes and layers from web, the look around every page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import reflex as rx

from publicmeeting.application import application, worker
from publicmeeting.config import settings
from publicmeeting.kit.process.interpreter import settle
from publicmeeting.ui import routes
from publicmeeting.ui.design import look
from publicmeeting.ui.first.filling import FilledPages, Seed
from publicmeeting.ui.reflex.first_state import FirstState
from publicmeeting.ui.reflex.page_load import PageLoad
from publicmeeting.ui.reflex.page_states import drop_states, keep_same_pages, keep_states
from publicmeeting.ui.reflex.redis_seals import seal_redis
from publicmeeting.ui.reflex.schema import compare_shapes
from publicmeeting.ui.shell.connection import trouble
from publicmeeting.ui.shell.connection.event_guard import EventGuard
from publicmeeting.ui.shell.connection.trouble import on_fault
from publicmeeting.ui.stories import pages as stories
from publicmeeting.web.app import BUILT, transformers
from publicmeeting.web.layers.socket import close_ended
from publicmeeting.web.renewing import renew_pages


async def run_worker() -> None:
    """In every process; a lease lets one of them work."""
    await worker().run()


async def freeze_loaded_program() -> None:
    """Every page is loaded by now, and no cycle of them is garbage."""
    settle()


async def end_pages() -> None:
    """Pages whose session is over are closed, in every process."""
    await close_ended(application)


async def keep_open_pages() -> None:
    """States of open pages live on, in every process."""
    await keep_states(app, application().sockets)


async def drop_closed_pages() -> None:
    """States of closed pages make room for others behind their address, in every process."""
    await drop_states(app, application().sockets)


@asynccontextmanager
async def prepare() -> AsyncIterator[None]:
    """Before the first answer, in every process: whoever comes first sees what all others see."""
    await anyio.to_thread.run_sync(filled_pages.prepare)
    await anyio.to_thread.run_sync(application().warm_up)
    yield


async def renew_stale_pages() -> None:
    """Pages that could not be read are read anew, in every process."""
    await renew_pages(application, routes_and_layers[0].state.checkup)


chosen = settings()
filled_pages = FilledPages(BUILT, demo=chosen.is_demo)
routes_and_layers = transformers(application, chosen, fill=filled_pages.fill)
seal_redis(lambda: application().store.vault)
keep_same_pages()
compare_shapes()
app = rx.App(
    html_lang="fa",
    # A browser's translator replaces texts in the page, and what changes later would not be seen.
    # It may translate the pages without scripts.
    html_custom_attrs={"dir": "rtl", "translate": "no"},
    stylesheets=look.STYLESHEETS,
    head_components=look.head(),
    toaster=None,
    app_wraps={
        **look.wraps(),
        **trouble.wraps(),
        (58, "FirstState"): lambda _stateful: Seed.create(),
    },
    api_transformer=[*routes_and_layers],
    backend_exception_handler=on_fault,
)
app.add_middleware(EventGuard(), index=0)
page_load = PageLoad()
app.add_middleware(FirstState(page_load))
app.add_middleware(page_load)
routes.add_to(app, demo=chosen.is_demo)
stories.add_to(app, production=not chosen.is_demo)
app.register_lifespan_task(freeze_loaded_program)
app.register_lifespan_task(run_worker)
app.register_lifespan_task(end_pages)
app.register_lifespan_task(keep_open_pages)
app.register_lifespan_task(drop_closed_pages)
app.register_lifespan_task(renew_stale_pages)
app.register_lifespan_task(prepare)
