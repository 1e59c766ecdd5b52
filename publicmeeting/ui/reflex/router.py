"""Parts of `state.router`, the page's connection and address, each read alone.

`state.router` builds the whole object anew at each use, wrapped so that changes would be noticed.
"""

from typing import cast

from reflex.istate.data import HeaderData, ReflexURL, SessionData
from reflex.state import BaseState
from reflex_base.constants import ROUTER_HEADERS, ROUTER_SESSION, ROUTER_URL


def headers_of(state: BaseState) -> HeaderData:
    """Return the headers of the socket's handshake."""
    return cast("HeaderData", state.get_value(ROUTER_HEADERS))


def session_of(state: BaseState) -> SessionData:
    """Return the session data of the socket: token, address of the client and id."""
    return cast("SessionData", state.get_value(ROUTER_SESSION))


def url_of(state: BaseState) -> ReflexURL:
    """Return the page's address."""
    return cast("ReflexURL", state.get_value(ROUTER_URL).href)
