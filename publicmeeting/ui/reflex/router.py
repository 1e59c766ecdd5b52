"""Parts of what Reflex knows of a page's connection and address, each read by itself.

`state.router` puts all of it together anew for each use, wrapped so that changes would be noticed.
"""

from typing import cast

from reflex.istate.data import HeaderData, ReflexURL, SessionData
from reflex.state import BaseState
from reflex_base.constants import ROUTER_HEADERS, ROUTER_SESSION, ROUTER_URL


def headers_of(state: BaseState) -> HeaderData:
    """The headers of the socket's handshake."""
    return cast("HeaderData", state.get_value(ROUTER_HEADERS))


def session_of(state: BaseState) -> SessionData:
    """Where the socket came from."""
    return cast("SessionData", state.get_value(ROUTER_SESSION))


def url_of(state: BaseState) -> ReflexURL:
    """The page's address."""
    return cast("ReflexURL", state.get_value(ROUTER_URL).href)
