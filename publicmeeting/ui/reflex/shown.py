"""Redirect to an address whose page is already shown, without loading it.

The address contains the page's step, so that the browser's back button works. Usually a new address
makes the page load, which costs one more round trip. The answer of a button that leads to the next
step already contains everything the step shows.
"""

import reflex as rx
from reflex_base.event import EventSpec

SHOWN = "shown"
"""Key in a redirect's payload: the page at the address loads nothing
(`bundle.loads_nothing_shown`)."""


def shown_at(address: str) -> EventSpec:
    """Go to this address of the same page, whose state already shows what belongs there."""
    goes = rx.redirect(address)
    return goes.with_args((*goes.args, (rx.Var(SHOWN), rx.Var.create(value=True))))
