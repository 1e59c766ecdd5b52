"""What of a page's state goes over its socket besides what is shown: as little as can be.

After a lost connection a page is told every state by name, and the root state tells it its own
request back. Both are said to phones with a weak signal.
"""

from functools import cache
from typing import Any

import reflex as rx
from reflex.istate.data import HeaderData, SessionData
from reflex.state import _override_base_method
from reflex.utils.format import to_snake_case

_snake_case = cache(to_snake_case)


class NamedByClass(rx.State, mixin=True):
    """A state whose name is its class's alone; Reflex puts the module before it, fifty letters of
    each state and event. Reflex refuses a second class of the same name at import."""

    @classmethod
    @_override_base_method
    def get_name(cls) -> str:
        return _snake_case(cls.__name__)


@rx.serializer(to=dict, overwrite=True)
def no_headers(_headers: HeaderData) -> dict[str, Any]:
    """The browser's own headers, the proxy's and the server's: no page shows any."""
    return {}


@rx.serializer(to=dict, overwrite=True)
def no_session(_session: SessionData) -> dict[str, Any]:
    """The keyed name of the tab's state and its address: no page needs either."""
    return {}
