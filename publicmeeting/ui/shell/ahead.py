"""A step to the next page waits for no script: they are fetched while the reader reads."""

import reflex as rx

from publicmeeting.ui.reflex.scripts import link_script


class Ahead(rx.Component):
    """The component of ahead.js; draws nothing."""

    library = link_script(__name__, "ahead.js")
    tag = "Ahead"
