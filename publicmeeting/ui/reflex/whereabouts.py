"""Which page a tab shows, to distinguish a page that is read again from one that is opened.

Reflex runs `on_load` at every connection. If a page was left and opened again, its address is the
same as before. Only what was loaded in between distinguishes the two.
"""

import reflex as rx
from reflex.state import BaseState

from publicmeeting.ui.reflex.router import url_of
from publicmeeting.ui.reflex.wire import NamedByClass


class Whereabouts(NamedByClass, rx.State):
    """The tab's current address and how many pages it has opened. Both are private: no browser
    reads or sets them."""

    _address: str = ""
    _opened: int = 0


async def note_page(state: BaseState) -> None:
    """Note that the page of this event's address loads. Another address than before counts as
    opened."""
    here = await state.get_state(Whereabouts)
    url = url_of(state)
    address = f"{url.path}?{url.query}"
    if address != here._address:  # noqa: SLF001 (no browser may set it)
        here._address, here._opened = address, here._opened + 1  # noqa: SLF001


async def note_document(state: BaseState) -> None:
    """Note that a document opens, as at a reload: the next load counts as opened even if its
    address is the same."""
    (await state.get_state(Whereabouts))._address = ""  # noqa: SLF001 (no browser may set it)


async def opened(state: BaseState) -> int:
    """Return how many pages this tab has opened so far."""
    return (await state.get_state(Whereabouts))._opened  # noqa: SLF001
