"""A step to the next page waits for no script: they are fetched while the reader reads."""

import reflex as rx


class Ahead(rx.Component):
    """The component of ahead.js; draws nothing."""

    library = rx.asset("ahead.js", shared=True).importable_path
    tag = "Ahead"
