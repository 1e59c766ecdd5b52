"""Composes rx.App: pages from ui.routes, routes and layers from web, the look around every page."""

import reflex as rx

from publicmeeting.config import settings
from publicmeeting.office import office, worker
from publicmeeting.ui import routes
from publicmeeting.ui.design import look
from publicmeeting.ui.shell.event_guard import EventGuard
from publicmeeting.ui.shell.trouble import on_fault
from publicmeeting.ui.stories import pages as stories
from publicmeeting.web.app import transformers


async def keep_the_clock() -> None:
    """The city's clock, in every process; a lease lets one of them work."""
    await worker().run()


chosen = settings()
app = rx.App(
    html_lang="fa",
    html_custom_attrs={"dir": "rtl"},
    stylesheets=look.STYLESHEETS,
    head_components=look.head(),
    toaster=None,
    app_wraps=look.wraps(),
    api_transformer=transformers(office, chosen),
    backend_exception_handler=on_fault,
)
app.add_middleware(EventGuard(), index=0)
routes.add_to(app, demo=chosen.is_demo)
stories.add_to(app, production=not chosen.is_demo)
app.register_lifespan_task(keep_the_clock)
