"""An address that belongs to what a page shows already.

A step of a page stands in the address, so that «back» works. Whoever goes to an address has what it
loads read, one more way to the server and back; the answer of a press that leads to the next step
of its own page says all of that step itself.
"""

import reflex as rx
from reflex_base.event import EventSpec

SHOWN = "shown"
"""In a redirect's payload: its page loads nothing (`bundle.loads_nothing_shown`)."""


def shown_at(address: str) -> EventSpec:
    """Go to this address of the same page, whose state shows what belongs there."""
    goes = rx.redirect(address)
    return goes.with_args((*goes.args, (rx.Var(SHOWN), rx.Var.create(value=True))))
