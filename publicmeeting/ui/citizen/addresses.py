"""The part of an address that names one request."""

import reflex as rx


def code_of(state: rx.State) -> str:
    """The tracking code in the address of this page; Reflex adds `[code]` to every state."""
    return str(getattr(state, "code", ""))
