"""Shorten what Reflex sends over a page's socket.

Reflex sends every state under its full name, and every var that is set, changed or not. It also
sends the browser's own request and address as vars of the root state. Phones with a weak signal
wait for all of it.
"""

from functools import cache
from typing import Any

import reflex as rx
from reflex.istate.data import HeaderData, PageData, SessionData, URLData
from reflex.state import _override_base_method
from reflex.utils.format import to_snake_case

_snake_case = cache(to_snake_case)


class LeanState(rx.State, mixin=True):
    """Mixin of every state: named by its class alone, and its vars are sent only when they differ.

    Reflex would add the module's name, fifty letters in each state and event. It refuses a second
    class of the same name at import.
    """

    @_override_base_method
    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute, unless it is a var of the page that equals the value already.

        An open page is read again after each message and sets all its vars. Reflex would send them.
        """
        if name in self.base_vars:
            before = self.get_value(name)
            if type(before) is type(value) and before == value:
                return
        super().__setattr__(name, value)

    @classmethod
    @_override_base_method
    def get_name(cls) -> str:
        return _snake_case(cls.__name__)


@rx.serializer(to=dict, overwrite=True)
def omit_headers(_headers: HeaderData) -> dict[str, Any]:
    """Send no headers: no page shows those of the browser, the proxy or the server."""
    return {}


@rx.serializer(to=dict, overwrite=True)
def omit_session(_session: SessionData) -> dict[str, Any]:
    """Send no session data: no page needs the tab's token or the client's address."""
    return {}


@rx.serializer(to=dict, overwrite=True)
def omit_page(_page: PageData) -> dict[str, Any]:
    """Send no parts of the address: no page reads them from its state, and each step would send
    them twice."""
    return {}


@rx.serializer(to=dict, overwrite=True)
def omit_url(_url: URLData) -> dict[str, Any]:
    """Send no parsed address either."""
    return {}
