"""Composes rx.App: the look around every page, and the pages."""

import reflex as rx

from publicmeeting.config import settings
from publicmeeting.ui.design import look
from publicmeeting.ui.stories import pages as stories

app = rx.App(
    html_lang="fa",
    html_custom_attrs={"dir": "rtl"},
    stylesheets=look.STYLESHEETS,
    head_components=look.head(),
    toaster=None,
    app_wraps={(8, "Signs"): lambda _stateful: look.signs()},
)
stories.add_to(app, production=settings().env == "production")
