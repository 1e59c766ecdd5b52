"""The address that a page shows: read alone, changed without a load, compared with the one before.

`state.router` builds the whole object anew at each use, wrapped so that changes would be noticed.
The functions here read one part each.

Reflex runs `on_load` at every connection. If a page was left and opened again, its address is the
same as before. Only what was loaded in between distinguishes the two.
"""

from typing import cast

import reflex as rx
from reflex.istate.data import HeaderData, ReflexURL, SessionData
from reflex.state import BaseState
from reflex_base.constants import ROUTER_HEADERS, ROUTER_SESSION, ROUTER_URL
from reflex_base.event import EventSpec

from publicmeeting.ui.reflex.bundle import SHOWN
from publicmeeting.ui.reflex.wire import LeanState


def headers_of(state: BaseState) -> HeaderData:
    """Return the headers of the socket's handshake."""
    return cast("HeaderData", state.get_value(ROUTER_HEADERS))


def session_of(state: BaseState) -> SessionData:
    """Return the session data of the socket: token, address of the client and id."""
    return cast("SessionData", state.get_value(ROUTER_SESSION))


def url_of(state: BaseState) -> ReflexURL:
    """Return the page's address."""
    return cast("ReflexURL", state.get_value(ROUTER_URL).href)


class Whereabouts(LeanState, rx.State):
    """The tab's current address and how many pages it has opened. Both are private: no browser
    reads or sets them."""

    _address: str = ""
    _opened: int = 0


async def note_page(state: BaseState) -> None:
    """Note that the page of this event's address loads. Another address than before counts as
    opened."""
    here = await state.get_state(Whereabouts)
    address = _address_of(state)
    if address != here._address:  # noqa: SLF001 (no browser may set it)
        here._address, here._opened = address, here._opened + 1  # noqa: SLF001


async def is_loaded(state: BaseState) -> bool:
    """Return whether the page of this event's address is the one that the tab has loaded last."""
    return (await state.get_state(Whereabouts))._address == _address_of(state)  # noqa: SLF001


async def note_document(state: BaseState) -> None:
    """Note that a document opens, as at a reload: the next load counts as opened even if its
    address is the same."""
    (await state.get_state(Whereabouts))._address = ""  # noqa: SLF001 (no browser may set it)


async def opened(state: BaseState) -> int:
    """Return how many pages this tab has opened so far."""
    return (await state.get_state(Whereabouts))._opened  # noqa: SLF001


def _address_of(state: BaseState) -> str:
    url = url_of(state)
    return f"{url.path}?{url.query}"


def shown_at(address: str) -> EventSpec:
    """Go to this address of the same page, whose state already shows what belongs there.

    The address contains the page's step, so that the browser's back button works. Usually a new
    address makes the page load, which costs one more round trip. The answer of a button that leads
    to the next step already contains everything the step shows.
    """
    goes = rx.redirect(address)
    return goes.with_args((*goes.args, (rx.Var(SHOWN), rx.Var.create(value=True))))
