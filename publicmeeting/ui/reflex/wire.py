"""What Reflex sends over a page's socket besides what is shown, made as short as possible.

Reflex sends every state under its full name, and sends the browser its own request and address as
vars of the root state; phones with a weak signal wait for both.
"""

from functools import cache
from typing import Any

import reflex as rx
from reflex.istate.data import HeaderData, PageData, SessionData, URLData
from reflex.state import _override_base_method
from reflex.utils.format import to_snake_case

_snake_case = cache(to_snake_case)


class NamedByClass(rx.State, mixin=True):
    """A state named by its class alone. Reflex would put the module before it, fifty letters of
    each state and event; it refuses a second class of the same name at import."""

    @classmethod
    @_override_base_method
    def get_name(cls) -> str:
        return _snake_case(cls.__name__)


@rx.serializer(to=dict, overwrite=True)
def omit_headers(_headers: HeaderData) -> dict[str, Any]:
    """The browser's own headers, the proxy's and the server's: no page shows any."""
    return {}


@rx.serializer(to=dict, overwrite=True)
def omit_session(_session: SessionData) -> dict[str, Any]:
    """The token of the tab's state and its address: no page needs either."""
    return {}


@rx.serializer(to=dict, overwrite=True)
def omit_page(_page: PageData) -> dict[str, Any]:
    """The address in parts: no page reads it from its state, and each step would bring it twice."""
    return {}


@rx.serializer(to=dict, overwrite=True)
def omit_url(_url: URLData) -> dict[str, Any]:
    """The same in other parts."""
    return {}
