"""Composes rx.App: pages from ui.routes, routes and layers from web, the look around every page."""

import logging

import reflex as rx

from publicmeeting.config import settings
from publicmeeting.office import office, worker
from publicmeeting.ui import routes
from publicmeeting.ui.design import look
from publicmeeting.ui.stories import pages as stories
from publicmeeting.web.app import transformers


def keep_fault(exception: Exception) -> None:
    """A fault in a handler goes to the log; the page says its own sentence, without a script."""
    logging.getLogger(__name__).error("a handler failed", exc_info=exception)


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
    backend_exception_handler=keep_fault,
)
routes.add_to(app, demo=chosen.is_demo)
stories.add_to(app, production=not chosen.is_demo)
app.register_lifespan_task(keep_the_clock)
